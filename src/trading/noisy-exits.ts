// The same entries on bars that came out a little differently (BT-07): what a result owes to the very prices that were printed.

import type { Rng } from '../base/rng.ts'
import type { Bar } from '../market/bar.ts'
import type { ClosedTrade } from '../market/trade.ts'
import { openBarrier, stepBarrier } from './barrier.ts'
import { bracketDistances } from './fills.ts'
import { barrierBar, type RandomEntriesOptions } from './random-entries.ts'

/** Each price of a bar moves by up to this share of the ATR known before it. */
export const BAR_NOISE = 0.1

export type NoisyExitsOptions = Pick<
  RandomEntriesOptions,
  'bars' | 'conditions' | 'instrument' | 'hasVolume' | 'limits'
> & {
  readonly trades: readonly ClosedTrade[]
  /** Index of the bar at whose close a trade was decided. */
  readonly decidedAt: (trade: ClosedTrade) => number
}

/**
 * Draws the bars of each trade again with noise and leaves it by its stop, target or time there. Entries and sizes stay as they were: what
 * is asked is how much luck lies in the fills.
 *
 * @returns net dollars of each trade; where the bars end before an exit, what the trade really made
 * @example
 * noisyExits({ bars, conditions, instrument, hasVolume, limits, trades, decidedAt })(rng).length // trades.length
 */
export function noisyExits(options: NoisyExitsOptions): (rng: Rng) => Float64Array {
  const { bars, conditions, instrument, limits, trades, decidedAt } = options
  const entries = trades.map(trade => ({ trade, bar: decidedAt(trade) }))
  const redone = (trade: ClosedTrade, decided: number, rng: Rng): number => {
    const atr = conditions.atr[decided]!
    const barrier = openBarrier(trade.side, {
      ...bracketDistances(instrument, atr, limits),
      maxBars: limits.maxBars,
    })
    for (let i = decided + 1; i < bars.length; i++) {
      const noise = BAR_NOISE * (conditions.atr[i - 1] ?? atr)
      const shape = barrierBar(moved(bars[i]!, noise, rng), i, options)
      const result = stepBarrier(barrier, instrument, shape)
      if (result.state === 'final') return (result.r * trade.plannedLossMicros) / 1e6
    }
    return trade.netMicros / 1e6
  }
  return rng => Float64Array.from(entries, ({ trade, bar }) => redone(trade, bar, rng))
}

/** Noise is uniform, so that no price goes further than it says; the range still holds open and close. */
function moved(bar: Bar, noise: number, rng: Rng): Bar {
  const shift = (price: number): number => price + noise * (2 * rng.next() - 1)
  const open = shift(bar.open)
  const close = shift(bar.close)
  const high = Math.max(shift(bar.high), open, close)
  return { ...bar, open, close, high, low: Math.min(shift(bar.low), open, close) }
}
