// Releases: what was trained, judged, installed, refused, taken back; what was in charge when.

import { z } from 'zod'
import { SLOT_EVENTS } from '../../serving/history.ts'
import { RELEASE_STATES } from '../../serving/registry.ts'
import { gateResultSchema, instant, pageOf } from './common.ts'

export const releaseSchema = z.object({
  digest: z.string(),
  releaseId: z.string(),
  label: z.string(),
  channel: z.string(),
  version: z.int(),
  state: z.enum(RELEASE_STATES),
  /** On the run's clock. */
  firstSeen: instant,
  /** Gate or code that refused it; null where none did. */
  decidedBy: z.string().nullable(),
  reason: z.string().nullable(),
  blocked: z.boolean(),
  /** By a person, who alone lifts it. */
  blockedByHand: z.boolean(),
  thin: z.boolean(),
  /** Roles whose graph is a constant stand-in. */
  baselineRoles: z.array(z.string()),
  effectiveRows: z.number(),
  /** When it was in charge; an open end is null. */
  tenures: z.array(z.object({ from: instant, to: instant.nullable() })),
})
export type ReleaseView = z.infer<typeof releaseSchema>

export const metricSchema = z.object({
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  n: z.number(),
  note: z.string().nullable(),
})

export const roleSchema = z.object({
  role: z.string(),
  baseline: z.boolean(),
  /** Metric, the model's figure, and each baseline's beside it. */
  metrics: z.array(z.object({ name: z.string(), model: metricSchema, baselines: z.record(z.string(), metricSchema) })),
  folds: z.record(z.string(), z.array(z.number().nullable())),
  calibration: z.array(z.object({ predicted: z.number(), observed: z.number(), n: z.number() })),
  importance: z.array(z.object({ column: z.string(), value: z.number() })),
  file: z.object({ name: z.string(), bytes: z.int(), sha256: z.string() }),
  parity: z
    .object({ rows: z.int(), maxAbsError: z.number(), maxUlp: z.number(), decisionFlips: z.int(), runtime: z.string() })
    .nullable(),
})

export const releaseDetailSchema = releaseSchema.extend({
  symbol: z.string(),
  issuedAt: instant,
  expiresAt: instant,
  provenance: z.enum(['real', 'simulated']),
  fit: z.tuple([instant, instant]),
  holdout: z.tuple([instant, instant]),
  embargoMs: z.number(),
  rows: z.object({
    total: z.int(),
    fit: z.int(),
    holdout: z.int(),
    effective: z.number(),
    fired: z.int(),
    thinned: z.int(),
  }),
  trials: z.int(),
  driftScore: z.number(),
  /** PSI of the holdout against the rows that were fitted on, the furthest column first. */
  drift: z.object({ labels: z.number(), columns: z.array(z.object({ name: z.string(), psi: z.number() })) }).nullable(),
  classes: z.array(z.string()),
  roles: z.array(roleSchema),
  /** What the bot's gates said, in order; empty where none was asked. */
  gates: z.array(gateResultSchema),
  gatesAt: instant.nullable(),
  /** What training's own floors said. */
  floors: z.array(gateResultSchema),
  /** Gates that a failed precondition kept from being asked. */
  notRun: z.array(z.string()),
  champion: z.object({ digest: z.string(), label: z.string().nullable() }).nullable(),
  signature: z.object({
    valid: z.boolean(),
    keyIds: z.array(z.string()),
    algorithms: z.array(z.string()),
    fault: z.string().nullable(),
  }),
  lineage: z.object({
    dataHash: z.string(),
    codeVersion: z.string(),
    lockfileSha256: z.string(),
    configSha256: z.string(),
    seed: z.number(),
    parentRelease: z.string().nullable(),
    jobId: z.string(),
    platform: z.string(),
  }),
  members: z.array(z.object({ name: z.string(), bytes: z.int(), sha256: z.string() })),
  /** `card.md` as text. */
  card: z.string(),
})
export type ReleaseDetail = z.infer<typeof releaseDetailSchema>

/** One line of the hash-chained history. */
export const slotEventSchema = z.object({
  seq: z.int(),
  at: instant,
  slot: z.string(),
  event: z.enum(SLOT_EVENTS),
  from: z.string().nullable(),
  fromLabel: z.string().nullable(),
  to: z.string().nullable(),
  toLabel: z.string().nullable(),
  actor: z.string(),
  cause: z.string(),
  hash: z.string(),
})
export type SlotEventView = z.infer<typeof slotEventSchema>

export const timelineSchema = pageOf(slotEventSchema).extend({ verified: z.boolean() })

/** What was in charge at `at`. */
export const inChargeSchema = z.object({
  at: instant,
  verified: z.boolean(),
  slots: z.array(
    z.object({
      slot: z.string(),
      since: instant.nullable(),
      digest: z.string().nullable(),
      releaseId: z.string().nullable(),
      label: z.string().nullable(),
      cause: z.string().nullable(),
    }),
  ),
})
export type InChargeView = z.infer<typeof inChargeSchema>
