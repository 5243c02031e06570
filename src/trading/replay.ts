// What some models would have made of recorded bars: the light backtest that gates hold a candidate and its champion against (G9, G10).

import type { Bar } from '../market/bar.ts'
import { drawdown } from '../math/performance.ts'
import { mean } from '../math/statistics.ts'
import { recordedEvents } from './recorded-events.ts'
import { type RunOptions, run } from './run.ts'

export type ReplayOptions = Omit<RunOptions, 'events' | 'onBar'> & {
  readonly bars: readonly Bar[]
  /** Bars `from` (inclusive) to `to` (exclusive). */
  readonly from: number
  readonly to: number
}

export type ReplayResult = {
  /** Largest fall of marked equity from its peak, 0..1. */
  readonly maxDrawdown: number
  readonly trades: number
  /** Mean net R of the closed trades; null without one. */
  readonly meanR: number | null
  readonly bars: number
  /** Net R of each closed trade, in order of exit. */
  readonly r: Float64Array
}

/**
 * The same engine, fills, costs and risk as everywhere; features and labels are read from the table, not computed again.
 *
 * @example
 * replayModels({ table, bars, from: 4000, to: 5105, models, ...market, limits, seed: 42 }).maxDrawdown // 0.013
 */
export function replayModels({ bars, from, to, ...options }: ReplayOptions): ReplayResult {
  const { trades, equity } = run({ ...options, events: recordedEvents(options.table, bars, from, to) })
  const r = Float64Array.from(trades, trade => trade.r)
  return {
    maxDrawdown: drawdown(equity).fraction,
    trades: trades.length,
    meanR: r.length === 0 ? null : mean(r),
    bars: equity.length,
    r,
  }
}
