// Column 17: rank of |return| / dollar volume (Amihud 2002, illiquidity) among the last 500 bars; until there are 500, among those there are.

import type { RankState } from '../math/indicators/rolling-rank.ts'
import { rollingRank } from '../math/indicators/rolling-rank.ts'
import { column } from './column.ts'
import type { Feature } from './feature.ts'

export type LiquidityRiskState = { previousClose: number | null; rank: RankState }

const WINDOW = 500
const rank = rollingRank(WINDOW)

export const liquidityRisk: Feature<LiquidityRiskState> = {
  column: column('liquidity_risk', [0, 1], { parameters: { window: WINDOW } }),
  needs: ['volume'],
  warmup: 2,
  init: () => ({ previousClose: null, rank: rank.init() }),
  update(state, { close, volume }) {
    const before = state.previousClose
    state.previousClose = close
    if (before === null) return Number.NaN
    // A bar in which nothing traded is the least liquid of all.
    const illiquidity = volume === 0 ? Number.MAX_VALUE : Math.abs(close / before - 1) / (volume * close)
    return rank.update(state.rank, illiquidity)
  },
}
