// Bollinger bands: the mean of a window and the deviation (divisor n) around it (Bollinger, 2001).

import type { Ring } from './ring.ts'
import { meanOf, push, ring, squaresAround } from './ring.ts'

export type Bands = { readonly middle: number; readonly upper: number; readonly lower: number }

export interface Bollinger {
  init(): Ring
  /** The bands with `x` as the newest value; all NaN before `period` values. */
  update(state: Ring, x: number): Bands
}

/**
 * @example
 * const bands = bollinger(2, 2)
 * const state = bands.init()
 * bands.update(state, 1)
 * bands.update(state, 3) // { middle: 2, upper: 4, lower: 0 }
 */
export function bollinger(period: number, width: number): Bollinger {
  return {
    init: ring,
    update(state, x) {
      push(state, period, x)
      if (state.values.length < period) return { middle: Number.NaN, upper: Number.NaN, lower: Number.NaN }
      const mean = meanOf(state)
      const reach = width * Math.sqrt(squaresAround(state, mean) / period)
      return { middle: mean, upper: mean + reach, lower: mean - reach }
    },
  }
}
