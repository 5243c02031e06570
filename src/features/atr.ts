// Column 2: average true range (Wilder 1978), in points, seeded by the mean of the first true ranges. The first bar's is high - low.

import type { AverageState } from '../math/indicators/average.ts'
import { wilder } from '../math/indicators/average.ts'
import { column } from './column.ts'
import type { Feature } from './feature.ts'

export type AtrState = { previousClose: number | null; average: AverageState }

const PERIOD = 14
const average = wilder(PERIOD)

export const atr: Feature<AtrState> = {
  column: column('atr', [0, 1e5], { parameters: { period: PERIOD, smoothing: 'wilder', seed: 'sma' } }),
  needs: ['bars'],
  warmup: PERIOD,
  init: () => ({ previousClose: null, average: average.init() }),
  update(state, { high, low, close }) {
    const before = state.previousClose
    const range = before === null ? high - low : Math.max(high, before) - Math.min(low, before)
    state.previousClose = close
    return average.update(state.average, range)
  },
}
