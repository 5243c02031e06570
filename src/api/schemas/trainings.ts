// Trainings: every cycle with what came of it.

import { z } from 'zod'
import { instant, pageOf } from './common.ts'
import { metricSchema } from './releases.ts'
import { trainingNowSchema } from './status.ts'

export const trainingSchema = z.object({
  trainingId: z.string(),
  runId: z.string().nullable(),
  number: z.int(),
  symbol: z.string(),
  /** On the run's clock. */
  asOf: instant,
  status: z.enum(['released', 'skipped', 'failed']),
  rows: z.int().nullable(),
  effectiveRows: z.number().nullable(),
  releaseId: z.string().nullable(),
  label: z.string().nullable(),
  /** What became of its release: `installed`, or the gate or code that refused it; null while it waits. */
  verdict: z.string().nullable(),
  /** Why there is no release: code and sentence, or the reason of a skip. */
  reason: z.string().nullable(),
  durationMs: z.number().nullable(),
  /** The figures that people compare, with interval; holdout of the meta role. */
  headline: z.array(
    z.object({
      name: z.string(),
      model: metricSchema,
      baseline: metricSchema.nullable(),
      baselineName: z.string().nullable(),
    }),
  ),
})
export type TrainingView = z.infer<typeof trainingSchema>
export const trainingsSchema = pageOf(trainingSchema).extend({ now: trainingNowSchema.nullable() })

export const trainingDetailSchema = trainingSchema.extend({
  fit: z.tuple([instant, instant]).nullable(),
  holdout: z.tuple([instant, instant]).nullable(),
  folds: z.int().nullable(),
  trials: z.int().nullable(),
  durations: z.record(z.string(), z.number()),
  curves: trainingNowSchema.shape.points,
})
export type TrainingDetail = z.infer<typeof trainingDetailSchema>
