// Bars, decisions, fills, trades and equity of a run.

import { z } from 'zod'
import { instant, riskStateSchema, sideSchema } from './common.ts'

export const barSchema = z.object({
  index: z.int(),
  time: instant,
  knownAt: instant,
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
  volume: z.number(),
})
export type BarView = z.infer<typeof barSchema>
/** Only bars that the run has passed: nobody sees its future. */
export const barsSchema = z.object({ symbol: z.string(), barMs: z.int(), step: z.number(), items: z.array(barSchema) })

export const decisionSchema = z.object({
  seq: z.int(),
  decisionId: z.string(),
  at: instant,
  bar: z.int(),
  outcome: z.enum(['enter', 'exit', 'hold', 'noTrade', 'refused']),
  releaseId: z.string(),
  chosen: z.string().nullable(),
  side: sideSchema.nullable(),
  confidence: z.number().nullable(),
  regime: z.string(),
  riskState: riskStateSchema,
  reason: z.string().nullable(),
})
export type DecisionView = z.infer<typeof decisionSchema>

const roleSchema = z.enum(['entry', 'stop', 'target', 'exit'])

/** As it was sent. A bracket goes with its entry: distances from where that is filled. */
export const orderSchema = z.object({
  orderId: z.string(),
  decisionId: z.string(),
  decisionSeq: z.int(),
  at: instant,
  strategy: z.string(),
  side: sideSchema,
  quantity: z.number(),
  filled: z.number().describe('of the quantity, by now'),
  role: roleSchema,
  type: z.enum(['market', 'limit', 'stop']),
  price: z.number().nullable(),
  stopDistance: z.number().nullable(),
  targetDistance: z.number().nullable(),
  maxBars: z.int().nullable().describe('bars after the entry until it is closed at the market'),
})
export type OrderView = z.infer<typeof orderSchema>

export const fillSchema = z.object({
  tradeId: z.string(),
  orderId: z.string(),
  decisionId: z.string(),
  at: instant,
  side: sideSchema,
  quantity: z.number(),
  role: roleSchema,
  price: z.number(),
  slippage: z.number(),
  commission: z.number(),
})
export type FillView = z.infer<typeof fillSchema>

export const tradeSchema = z.object({
  decisionId: z.string(),
  decisionSeq: z.int(),
  releaseId: z.string(),
  label: z.string().nullable(),
  strategy: z.string(),
  side: sideSchema,
  quantity: z.number(),
  entry: z.number(),
  exit: z.number(),
  entryTime: instant,
  exitTime: instant,
  exitReason: z.enum(['stop', 'target', 'time', 'flatten', 'end']),
  gross: z.number(),
  costs: z.number(),
  net: z.number(),
  r: z.number(),
})
export type TradeView = z.infer<typeof tradeSchema>

/** One instant a point; long series are thinned to `points`, first and last kept. */
export const equitySchema = z.object({
  capital: z.number(),
  at: z.array(instant),
  equity: z.array(z.number()),
  hold: z.array(z.number()),
  previous: z.array(z.number().nullable()),
})
export type EquityView = z.infer<typeof equitySchema>

/** "Why", from one record, down to the data the model learned from. */
export const explanationSchema = z.object({
  decision: decisionSchema,
  /** One sentence: what was done and why. */
  summary: z.string(),
  price: z.number(),
  candidates: z.array(z.object({ strategy: z.string(), side: sideSchema, strength: z.number(), fired: z.boolean() })),
  votes: z.array(z.object({ name: z.string(), probability: z.number(), masked: z.number().nullable() })),
  expectedR: z.number().nullable(),
  score: z.number().nullable(),
  features: z.object({
    hash: z.string().nullable(),
    columns: z.array(z.object({ name: z.string(), value: z.number().nullable() })),
  }),
  sizing: z
    .array(z.object({ step: z.string(), value: z.number(), unit: z.string() }))
    .nullable()
    .describe('in order; the last is the size in lots'),
  checks: z.array(
    z.object({
      rule: z.string(),
      code: z.string(),
      passed: z.boolean(),
      value: z.number().nullable(),
      limit: z.number().nullable(),
      margin: z.number().nullable(),
    }),
  ),
  reasons: z.array(
    z.object({ code: z.string(), text: z.string(), value: z.number().nullable(), limit: z.number().nullable() }),
  ),
  stop: z.number().nullable(),
  target: z.number().nullable(),
  trade: tradeSchema.nullable(),
  /** Null where the rule-based baseline decided. */
  lineage: z
    .object({
      releaseId: z.string(),
      label: z.string(),
      digest: z.string(),
      keyIds: z.array(z.string()),
      signatureValid: z.boolean(),
      fit: z.tuple([instant, instant]),
      holdout: z.tuple([instant, instant]),
      rows: z.int(),
      dataHash: z.string(),
      codeVersion: z.string(),
      decidedBy: z.string().nullable(),
    })
    .nullable(),
})
export type Explanation = z.infer<typeof explanationSchema>
