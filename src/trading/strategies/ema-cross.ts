// Follow the faster of two averages; trade where it crosses the slower one (LABEL-02).

import type { Side } from '../../market/trade.ts'
import type { Ring } from '../../math/indicators/ring.ts'
import { push, recent, ring } from '../../math/indicators/ring.ts'
import type { GeneralStrategy } from '../strategy.ts'
import { sideOf, strengthOf } from '../strategy.ts'

export type EmaCrossState = { side: Side | 0; averages: Ring }

/** Bars over which the rise of ema20 is measured. */
const SLOPE_BARS = 5

export const emaCross: GeneralStrategy<EmaCrossState> = {
  name: 'EmaCross',
  init: () => ({ side: 0, averages: ring() }),
  update(state, { ema20, ema50, atr }) {
    const before = state.side
    const side = sideOf(ema20 - ema50, before)
    state.side = side
    if (!Number.isNaN(ema20)) push(state.averages, SLOPE_BARS + 1, ema20)
    const rise = ema20 - (recent(state.averages, SLOPE_BARS) ?? Number.NaN)
    return { side, strength: strengthOf((side * rise) / atr), fired: before !== 0 && side !== before }
  },
}
