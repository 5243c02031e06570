// Bodies of the requests that change something, and their answer.

import { z } from 'zod'
import { KILL_SCOPES } from '../../trading/kill-scopes.ts'

const reason = z.string().trim().min(3).max(500)

export const replayCommandSchema = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('pause') }),
  z.strictObject({ action: z.literal('continue') }),
  z.strictObject({ action: z.literal('speed'), barsPerSecond: z.number().positive().max(100_000).nullable() }),
  z.strictObject({ action: z.literal('jump'), to: z.int() }),
  z.strictObject({
    action: z.literal('restart'),
    seed: z
      .int()
      .min(0)
      .max(2 ** 53 - 1),
  }),
])
export const drillSchema = z.strictObject({ name: z.literal('forged-release') })
/** For what; where nothing is named, for all that trades. */
export const scopesSchema = z.array(z.enum(KILL_SCOPES))
export const killSchema = z.strictObject({ reason, scopes: scopesSchema })
export const rollbackSchema = z.strictObject({ reason, to: z.string().optional() })
export const resumeTradingSchema = z.strictObject({
  reason,
  previewId: z.string().max(64).describe('of the preview that was looked at: GET /api/trading/resume'),
})
/** Sentences of what stands still and why; empty where nothing does. */
export const resumePreviewSchema = z.object({ ends: z.array(z.string()), previewId: z.string() })
export const reasonSchema = z.strictObject({ reason })
/** Gates by name; which of them can be set aside is the serving room's to say. */
export const setAsideSchema = z.strictObject({ reason, gates: z.array(z.string().max(8)).min(1).max(20) })

/** One sentence of what was done. */
export const doneSchema = z.object({ done: z.string() })
