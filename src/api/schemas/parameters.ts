// Changes of strategy parameters.

import { z } from 'zod'
import { countText, instantText } from '../api.ts'
import { instant } from './common.ts'

const value = z.union([z.number(), z.string(), z.boolean()]).nullable()

export const parameterQuery = z.strictObject({
  strategy: z.string().min(1).max(128).optional(),
  from: instantText.optional(),
  to: instantText.optional(),
  limit: countText.pipe(z.int().min(1).max(500)).default(10),
})

export const parameterChangesSchema = z.object({
  items: z.array(
    z.object({
      seq: z.int(),
      at: instant,
      strategyName: z.string(),
      parameterName: z.string(),
      oldValue: value,
      newValue: value,
      reason: z.string(),
      outcomePnl: z.number().nullable(),
      wasCorrect: z.boolean().nullable(),
      marketSnapshotId: z.string().nullable(),
    }),
  ),
})
