// `GET /api/status`, `/api/runs`: what runs, how far it is, who is in charge.

import { z } from 'zod'
import { instant, riskStateSchema } from './common.ts'
import { scopesSchema } from './control.ts'

export const runSchema = z.object({
  runId: z.string(),
  channel: z.string(),
  symbol: z.string(),
  provenance: z.enum(['real', 'simulated']),
  execution: z.literal('paper'),
  state: z.enum(['running', 'finished', 'failed', 'interrupted']),
  seed: z.string(),
  /** Snapshot id of the bars: SHA-256. */
  dataHash: z.string(),
  barMs: z.int(),
  bars: z.int(),
  barsDone: z.int(),
  warmupBars: z.int(),
  trainEvery: z.int(),
  capital: z.number(),
  startedAt: instant,
  endedAt: instant.nullable(),
  /** The run's own clock: when its last bar was known; null before the first. */
  clock: instant.nullable(),
  /** Over every decision, fill, release and gate verdict; null until the end. */
  eventHash: z.string().nullable(),
  /** What the result is worth; null until the end. */
  figures: z
    .object({
      /** Of sessions, annualised. */
      sharpe: z.number().nullable(),
      /** Chance that it is above what luck gives the best of so many trials. */
      deflatedSharpe: z.number().nullable(),
      trials: z.int(),
      /** Share of 1,000 runs of random entries that did worse. */
      randomBeaten: z.number().nullable(),
    })
    .nullable(),
  configSnapshot: z.string(),
})
export type RunView = z.infer<typeof runSchema>

export const trainingNowSchema = z.object({
  trainingId: z.string(),
  number: z.int(),
  phase: z.string(),
  fraction: z.number(),
  text: z.string(),
  points: z.array(
    z.object({
      role: z.string(),
      curve: z.enum(['train', 'validation', 'rate']),
      x: z.number(),
      y: z.number(),
      unit: z.string(),
    }),
  ),
})

/** True now, gone with the process; absent while no loop runs in it. */
export const liveSchema = z.object({
  runId: z.string(),
  state: z.enum(['running', 'paused', 'draining', 'ended']),
  barsPerSecond: z.number().nullable().describe('null: as fast as it goes'),
  jumpingTo: instant.nullable(),
  entriesPaused: z.string().optional().describe('there while a person has paused entries: why'),
  trainingAsked: z.string().optional().describe('there while a training that a person asked for has not begun: why'),
  training: trainingNowSchema.nullable(),
  phase: z.enum(['data', 'training', 'publishing', 'holding', 'syncing', 'waiting']),
  nextTrainingBar: z.int(),
  nextTrainingAt: instant.optional().describe('there in a loop by the clock: when the next slot of training begins'),
  troubled: z
    .array(z.object({ source: z.string(), failures: z.int(), code: z.string(), detail: z.string() }))
    .readonly()
    .optional()
    .describe('there in a loop by the clock: sources of releases whose last pass failed'),
  signedAt: instant.optional().describe('there in a loop by the clock: when the newest word of the channel was signed'),
})
export type Live = z.infer<typeof liveSchema>

export const slotSchema = z.object({
  slot: z.string(),
  /** Null is the rule-based baseline. */
  releaseId: z.string().nullable(),
  label: z.string().nullable(),
  digest: z.string().nullable(),
  since: instant.nullable(),
  sinceBar: z.int().nullable(),
  /** Newest data that the models in charge were fitted on. */
  fitEnd: instant.nullable(),
  issuedAt: instant.nullable(),
  expiresAt: instant.nullable(),
  /** A person keeps the slot as it is: new releases are ignored. */
  pin: z
    .object({
      digest: z.string(),
      label: z.string().nullable(),
      at: instant,
      actor: z.string(),
      reason: z.string(),
      old: z.boolean().describe('for a week or longer'),
    })
    .nullable(),
})

/** Flat, as it was streamed: with the body of its topic. */
export const alertSchema = z.looseObject({
  seq: z.int(),
  runId: z.string(),
  at: instant,
  topic: z.enum(['judged', 'risk', 'control', 'run', 'sync']),
})

export const statusSchema = z.object({
  name: z.literal('ratchet'),
  version: z.string(),
  /** In words, on every page. */
  mode: z.enum(['PAPER', 'LIVE', 'HALTED']),
  /** Sentences that a person must have read: what is real and what is hypothetical. */
  banner: z.array(z.string()),
  /** Source and licence note of the data. */
  dataNote: z.string(),
  run: runSchema.nullable(),
  live: liveSchema.nullable(),
  killed: z.object({ reason: z.string(), scopes: scopesSchema }).nullable(),
  risk: z.object({ state: riskStateSchema, cause: z.string() }).nullable(),
  account: z
    .object({
      equity: z.number(),
      capital: z.number(),
      peak: z.number(),
      /** Share of the peak, 0 to 1. */
      drawdown: z.number(),
      hold: z.number(),
      previous: z.number().nullable(),
      /** Signed lots. */
      position: z.number(),
      openRisk: z.number().nullable(),
    })
    .nullable(),
  slots: z.array(slotSchema),
  /** The newest signed word of the channel, by the clock of the run; null before the first. */
  channel: z.object({ signedAt: instant, ageMs: z.number().min(0) }).nullable(),
  /** The bars that a loop by the clock works on; null in a replay, which is at the time of its bars. */
  data: z
    .object({
      knownAt: instant,
      ageMs: z.number().min(0),
      state: z.enum(['current', 'expired']),
      open: z.boolean().nullable().describe('whether their market trades now'),
    })
    .nullable(),
  /** A release that passes its gates takes charge by itself; else a person promotes it. */
  autoPromote: z.boolean(),
  /** Limits of gates that stand looser than the product's own. */
  loosened: z.array(
    z.object({
      key: z.string(),
      value: z.union([z.number(), z.boolean()]),
      standard: z.union([z.number(), z.boolean()]),
    }),
  ),
  counts: z.object({
    trainings: z.int(),
    trainingsFailed: z.int(),
    trainingsSkipped: z.int(),
    published: z.int(),
    installed: z.int(),
    refused: z.int(),
    decisions: z.int(),
    trades: z.int(),
  }),
  /** Seq of the newest durable event: subscribe from here. */
  lastSeq: z.int(),
})
export type Status = z.infer<typeof statusSchema>
