// Go with the last ten bars; trade a move of more than two deviations that RSI confirms (LABEL-02).

import type { Side } from '../../market/trade.ts'
import type { Ring } from '../../math/indicators/ring.ts'
import { push, recent, ring } from '../../math/indicators/ring.ts'
import type { GeneralStrategy } from '../strategy.ts'
import { sideOf, strengthOf } from '../strategy.ts'

export type MomentumState = { side: Side | 0; closes: Ring }

const BARS = 10
const DEVIATIONS = 2
const FULL_STRENGTH = 4
const CONFIRMING_RSI = 60

export const momentum: GeneralStrategy<MomentumState> = {
  name: 'Momentum',
  init: () => ({ side: 0, closes: ring() }),
  update(state, { bar, rsi, volatility }) {
    push(state.closes, BARS + 1, bar.close)
    const past = recent(state.closes, BARS)
    const move = past === undefined ? Number.NaN : Math.log(bar.close / past)
    const side = sideOf(move, state.side)
    state.side = side
    const z = (side * move) / (volatility * Math.sqrt(BARS))
    const confirming = side === 1 ? rsi : 100 - rsi
    return {
      side,
      strength: strengthOf(z / FULL_STRENGTH),
      fired: side !== 0 && z > DEVIATIONS && confirming > CONFIRMING_RSI,
    }
  },
}
