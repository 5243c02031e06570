// Column 8: standard deviation (n-1) of the last 20 log returns, per bar, not annualised.

import type { Ring } from '../math/indicators/ring.ts'
import { push, ring, sampleDeviation } from '../math/indicators/ring.ts'
import { column } from './column.ts'
import type { Feature } from './feature.ts'

export type VolatilityState = { previousClose: number | null; returns: Ring }

const WINDOW = 20

export const volatility: Feature<VolatilityState> = {
  column: column('volatility', [0, 0.2], { parameters: { window: WINDOW, returns: 'log' } }),
  needs: ['bars'],
  warmup: WINDOW + 1,
  init: () => ({ previousClose: null, returns: ring() }),
  update(state, { close }) {
    const before = state.previousClose
    state.previousClose = close
    if (before === null) return Number.NaN
    push(state.returns, WINDOW, Math.log(close / before))
    return state.returns.values.length < WINDOW ? Number.NaN : sampleDeviation(state.returns)
  },
}
