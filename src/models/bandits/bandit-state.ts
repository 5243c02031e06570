// A bandit's state read from outside: every size is checked before it is believed.

import { z } from 'zod'
import { Fault } from '../../base/fault.ts'
import type { BanditState } from './bandit.ts'

export type BanditSizes = {
  readonly kind: string
  readonly arms: number
  readonly width: number
  readonly size: number
  readonly curvature: number
  readonly trunk: Readonly<Record<string, number>>
}

const numbers = (length: number) => z.array(z.number()).length(length)

function schemaOf({ kind, arms, width, size, curvature, trunk }: BanditSizes) {
  return z.object({
    kind: z.literal(kind),
    arms: z
      .array(
        z.object({
          prior: z.number(),
          outcomes: z.int().min(0),
          head: z.object({
            count: z.int().min(0),
            inverse: numbers(size * size),
            products: numbers(size),
            squares: z.number().min(0),
            curvature: numbers(curvature),
          }),
          ring: z.array(z.object({ context: numbers(width), r: z.number() })),
        }),
      )
      .length(arms),
    scale: z.object({ center: numbers(width), deviation: z.array(z.number().positive()).length(width) }),
    isScaled: z.boolean(),
    trunk: z.object(Object.fromEntries(Object.entries(trunk).map(([name, length]) => [name, numbers(length)]))),
    /** States from before it was kept come of a CPU. */
    reproducible: z.enum(['exact', 'tolerance']).default('exact'),
    sinceRetrain: z.int().min(0),
  })
}

/** Faults: `MODEL_STATE_INVALID`. */
export function loadBanditState(saved: unknown, sizes: BanditSizes): BanditState {
  const read = schemaOf(sizes).safeParse(saved)
  if (read.success) return read.data
  throw new Fault('MODEL_STATE_INVALID', `this is no saved ${sizes.kind}: ${z.prettifyError(read.error)}`)
}
