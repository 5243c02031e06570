// Column 7: the bid-ask spread in basis points of mid, estimated from bars: Abdi & Ranaldo (2017), A Simple Estimation of Bid-Ask Spreads.

import type { Ring } from '../math/indicators/ring.ts'
import { meanOf, push, ring } from '../math/indicators/ring.ts'
import { column } from './column.ts'
import type { Feature } from './feature.ts'

export type SpreadState = {
  /** Tick in price; 0 without a grid. */
  tick: number
  /** Logarithms of the bar before: its close, and the middle of its range. */
  previous: { close: number; mid: number } | null
  products: Ring
}

const WINDOW = 20

export const spread: Feature<SpreadState> = {
  column: column('spread', [0, 1000], { parameters: { estimator: 'abdi-ranaldo', window: WINDOW, floorTicks: 1 } }),
  needs: ['bars'],
  warmup: WINDOW + 1,
  init: ({ instrument }) => ({ tick: instrument.tickSize ?? 0, previous: null, products: ring() }),
  update(state, { high, low, close }) {
    const now = { close: Math.log(close), mid: (Math.log(high) + Math.log(low)) / 2 }
    const before = state.previous
    state.previous = now
    if (before === null) return Number.NaN
    push(state.products, WINDOW, (before.close - before.mid) * (before.close - now.mid))
    if (state.products.values.length < WINDOW) return Number.NaN
    // Their equation 11: s^2 = 4 E[(c_t - eta_t)(c_t - eta_t+1)], a negative mean counting as 0.
    const estimate = 2 * Math.sqrt(Math.max(0, meanOf(state.products)))
    return 1e4 * Math.max(estimate, state.tick / close)
  },
}
