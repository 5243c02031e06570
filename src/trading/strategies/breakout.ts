// Go with a close beyond the Bollinger band; trade it on unusual volume (LABEL-02). Without volume it never fires (FEAT-02a).

import type { Side } from '../../market/trade.ts'
import { bollinger } from '../../math/indicators/bollinger.ts'
import type { Ring } from '../../math/indicators/ring.ts'
import { meanOf, push, ring } from '../../math/indicators/ring.ts'
import type { GeneralStrategy } from '../strategy.ts'
import { sideOf, strengthOf } from '../strategy.ts'

export type BreakoutState = { side: Side | 0; closes: Ring; volumes: Ring }

const VOLUME_BARS = 20
const VOLUME_FACTOR = 1.5
const bands = bollinger(20, 2)

export const breakout: GeneralStrategy<BreakoutState> = {
  name: 'Breakout',
  init: () => ({ side: 0, closes: bands.init(), volumes: ring() }),
  update(state, { bar, atr, hasVolume }) {
    const { middle, upper, lower } = bands.update(state.closes, bar.close)
    const side = sideOf(bar.close - middle, state.side)
    state.side = side
    push(state.volumes, VOLUME_BARS, bar.volume)
    const heavy = hasVolume && bar.volume > VOLUME_FACTOR * meanOf(state.volumes)
    const beyond = side === 1 ? bar.close - upper : lower - bar.close
    return { side, strength: strengthOf(beyond / atr), fired: side !== 0 && heavy && beyond > 0 }
  },
}
