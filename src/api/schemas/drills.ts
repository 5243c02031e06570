// How old the last drills and the last scrub are, and what they found.

import { z } from 'zod'
import { instant } from './common.ts'

const aged = {
  at: instant,
  ageMs: z.number().min(0),
}

export const drillsSchema = z.object({
  drills: z
    .object({
      ...aged,
      score: z.number().min(0).max(1).nullable(),
      passed: z.int(),
      missed: z.array(z.string()).readonly(),
      skipped: z.array(z.string()).readonly(),
      slowestSafeMs: z.number().min(0),
    })
    .nullable(),
  scrub: z.object({ ...aged, damages: z.int() }).nullable(),
})
