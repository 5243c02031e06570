// Column 11: tick rule (Lee & Ready 1991) of the close: its sign against the previous close, or the last sign when unchanged.

import { column } from './column.ts'
import type { Feature } from './feature.ts'

export type TickDirectionState = { previousClose: number | null; sign: number }

export const tickDirection: Feature<TickDirectionState> = {
  column: column('tick_direction', [-1, 1], { neutral: 0 }),
  needs: ['bars'],
  warmup: 2,
  init: () => ({ previousClose: null, sign: 0 }),
  update(state, { close }) {
    const before = state.previousClose
    state.previousClose = close
    if (before !== null && close !== before) state.sign = close > before ? 1 : -1
    return state.sign
  },
}
