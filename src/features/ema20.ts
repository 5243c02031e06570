// Column 4: exponential average of 20 closes, weight 2/21, seeded by their plain mean.

import type { AverageState } from '../math/indicators/average.ts'
import { ema } from '../math/indicators/average.ts'
import { column } from './column.ts'
import type { Feature } from './feature.ts'
import { PRICE_RANGE } from './price.ts'

const PERIOD = 20
const average = ema(PERIOD)

export const ema20: Feature<AverageState> = {
  column: column('ema20', PRICE_RANGE, { parameters: { period: PERIOD, seed: 'sma' } }),
  needs: ['bars'],
  warmup: PERIOD,
  init: () => average.init(),
  update: (state, bar) => average.update(state, bar.close),
}
