// Column 3: relative strength index (Wilder 1978), 0 to 100; 50 when the price did not move at all.

import type { AverageState } from '../math/indicators/average.ts'
import { wilder } from '../math/indicators/average.ts'
import { column } from './column.ts'
import type { Feature } from './feature.ts'

export type RsiState = { previousClose: number | null; gain: AverageState; loss: AverageState }

const PERIOD = 14
const average = wilder(PERIOD)

export const rsi: Feature<RsiState> = {
  column: column('rsi', [0, 100], { parameters: { period: PERIOD, smoothing: 'wilder', seed: 'sma' } }),
  needs: ['bars'],
  warmup: PERIOD + 1,
  init: () => ({ previousClose: null, gain: average.init(), loss: average.init() }),
  update(state, { close }) {
    const before = state.previousClose
    state.previousClose = close
    if (before === null) return Number.NaN
    const change = close - before
    const gain = average.update(state.gain, change > 0 ? change : 0)
    const loss = average.update(state.loss, change < 0 ? -change : 0)
    // 100 - 100 / (1 + gain / loss), without the division by a loss of 0.
    return gain + loss === 0 ? 50 : (100 * gain) / (gain + loss)
  },
}
