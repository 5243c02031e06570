// Stand against an exhausted move; trade where RSI is extreme outside the Bollinger band (LABEL-02).

import type { Side } from '../../market/trade.ts'
import { bollinger } from '../../math/indicators/bollinger.ts'
import type { Ring } from '../../math/indicators/ring.ts'
import type { GeneralStrategy } from '../strategy.ts'
import { sideOf, strengthOf } from '../strategy.ts'

export type MeanReversionState = { side: Side | 0; closes: Ring }

const EXTREME_RSI = 30
const bands = bollinger(20, 2)

export const meanReversion: GeneralStrategy<MeanReversionState> = {
  name: 'MeanReversion',
  init: () => ({ side: 0, closes: bands.init() }),
  update(state, { bar, rsi }) {
    const { upper, lower } = bands.update(state.closes, bar.close)
    const side = sideOf(50 - rsi, state.side)
    state.side = side
    // RSI as the stance sees it: low means stretched its way.
    const stretched = side === 1 ? rsi : 100 - rsi
    const outside = side === 1 ? bar.close < lower : bar.close > upper
    return {
      side,
      strength: strengthOf((EXTREME_RSI - stretched) / EXTREME_RSI),
      fired: side !== 0 && stretched < EXTREME_RSI && outside,
    }
  },
}
