// A context as numbers that a model can weigh: columns on one scale, categories as ones and zeros.

import { Fault } from '../../base/fault.ts'
import type { BanditState } from './bandit.ts'

export type Category = { readonly column: number; readonly size: number }

export type ContextShape = {
  /** Numbers in a context. */
  readonly width: number
  /** Columns that hold an index below `size`, as the regime does (BRN-01, field 15). */
  readonly categories?: readonly Category[]
}

/** Scaled values are kept within plus and minus this many standard deviations. */
export const CONTEXT_CLIP = 8

export type ContextEncoder = {
  readonly size: number
  readonly unscaled: BanditState['scale']
  scaleOf(contexts: readonly (readonly number[])[]): BanditState['scale']
  /** Faults: `BANDIT_CONTEXT`. */
  encode(context: readonly number[], scale: BanditState['scale']): Float64Array
}

export function contextEncoder({ width, categories = [] }: ContextShape): ContextEncoder {
  const sizes = new Map(categories.map(({ column, size }) => [column, size]))
  const size = Array.from({ length: width }, (_, c) => sizes.get(c) ?? 1).reduce((sum, part) => sum + part, 0)
  const check = (context: readonly number[]): void => {
    if (context.length !== width) {
      throw new Fault('BANDIT_CONTEXT', `the context has ${context.length} numbers, the bandit was made for ${width}`)
    }
    for (const [c, value] of context.entries()) {
      const most = sizes.get(c)
      if (Number.isFinite(value) && (most === undefined || (Number.isInteger(value) && value >= 0 && value < most)))
        continue
      const wanted = most === undefined ? 'a finite number' : `an index below ${most}`
      throw new Fault('BANDIT_CONTEXT', `context value ${c} is ${value}, not ${wanted}`)
    }
  }
  return {
    size,
    unscaled: { center: Array<number>(width).fill(0), deviation: Array<number>(width).fill(1) },
    scaleOf(contexts) {
      const center = Array.from({ length: width }, (_, c) =>
        contexts.reduce((sum, context) => sum + context[c]! / contexts.length, 0),
      )
      const deviation = center.map((mean, c) => {
        const spread = Math.sqrt(
          contexts.reduce((sum, context) => sum + (context[c]! - mean) ** 2 / contexts.length, 0),
        )
        // A column that never moved says nothing; on its own scale a later move would be out of all proportion.
        return spread > 1e-12 * Math.abs(mean) ? spread : 1
      })
      return { center, deviation }
    },
    encode(context, { center, deviation }) {
      check(context)
      const encoded = new Float64Array(size)
      let at = 0
      for (const [c, value] of context.entries()) {
        const classes = sizes.get(c)
        if (classes === undefined)
          encoded[at++] = Math.min(Math.max((value - center[c]!) / deviation[c]!, -CONTEXT_CLIP), CONTEXT_CLIP)
        else {
          encoded[at + value] = 1
          at += classes
        }
      }
      return encoded
    },
  }
}
