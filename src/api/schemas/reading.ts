// Small answers: account, positions, risk, models in charge, leaderboard, lineage, and what a run is set up with.

import { z } from 'zod'
import { CALENDAR_NAMES } from '../../market/instrument.ts'
import { instant, sideSchema } from './common.ts'
import { metricSchema, releaseDetailSchema, roleSchema } from './releases.ts'
import { statusSchema } from './status.ts'
import { trainingSchema } from './trainings.ts'

export const accountSchema = z.object({ runId: z.string().nullable(), account: statusSchema.shape.account })

export const positionSchema = z.object({
  tradeId: z.string(),
  decisionId: z.string(),
  symbol: z.string(),
  side: sideSchema,
  quantity: z.number(),
  entry: z.number(),
  entryTime: instant,
  stop: z.number().nullable(),
  target: z.number().nullable(),
})
export type PositionView = z.infer<typeof positionSchema>

export const riskSchema = z.object({
  risk: statusSchema.shape.risk,
  killed: statusSchema.shape.killed,
  entriesPaused: z.string().nullable(),
  drawdown: z.number().nullable(),
  openRisk: z.number().nullable(),
  limits: z.record(z.string(), z.number()).describe('of the newest run, by the names of their keys in tradingBot'),
})

/** A model in charge: one role of the release that decides. */
export const modelSchema = z.object({
  id: z.string(),
  slot: z.string(),
  releaseId: z.string(),
  label: z.string(),
  digest: z.string(),
  baseline: z.boolean().describe('a constant stands in for a model'),
  file: roleSchema.shape.file,
})
export const modelDetailSchema = modelSchema.extend({ role: roleSchema })

export const leaderSchema = z.object({
  digest: z.string(),
  label: z.string(),
  version: z.int(),
  state: z.string(),
  firstSeen: instant,
  ageMs: z.number().nullable(),
  trials: z.int(),
  deflatedSharpe: metricSchema.nullable(),
  pbo: z.number().nullable(),
  headline: trainingSchema.shape.headline,
})
export type LeaderView = z.infer<typeof leaderSchema>

export const lineageSchema = z.object({
  digest: z.string(),
  label: z.string(),
  signatureValid: z.boolean(),
  lineage: releaseDetailSchema.shape.lineage,
})

const slippage = z.object({ rth: z.number(), eth: z.number() })

export const instrumentSchema = z.object({
  symbol: z.string(),
  kind: z.enum(['future', 'cash']),
  calendar: z.enum(CALENDAR_NAMES),
  currency: z.string(),
  tickSize: z.number().nullable(),
  step: z.number(),
  pointValue: z.number(),
  commissionPerSide: z.number(),
  minSlippage: slippage,
  maxPosition: z.number().nullable(),
  family: z.string(),
})

export const dataSetSchema = z.object({
  hash: z.string(),
  symbol: z.string(),
  barMs: z.int(),
  firstTime: instant,
  lastTime: instant,
  rows: z.int(),
  provenance: z.enum(['real', 'simulated']),
  source: z.string(),
  createdAt: instant,
})

export const configurationSchema = z.object({ runId: z.string(), snapshot: z.string(), configuration: z.json() })
