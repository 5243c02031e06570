// A thousand monkeys (BT-06): entries at random bars with the same number, sides, exits and costs as the run that they are held against.

import type { Rng } from '../base/rng.ts'
import type { Bar } from '../market/bar.ts'
import { type Instrument, toSteps } from '../market/instrument.ts'
import type { Side } from '../market/trade.ts'
import { quantileOfSorted, sorted } from '../math/statistics.ts'
import { type BarrierBar, openBarrier, stepBarrier } from './barrier.ts'
import { bracketDistances, slippageSteps } from './fills.ts'
import type { Limits } from './limits.ts'

/** What was known at each bar's close; NaN before warm-up. */
export type BarConditions = {
  readonly atr: Float64Array
  readonly spreadBps: Float64Array
  /** Index into SESSIONS. */
  readonly session: Uint8Array
}

export type RandomEntriesOptions = {
  readonly bars: readonly Bar[]
  readonly conditions: BarConditions
  readonly instrument: Instrument
  readonly hasVolume: boolean
  readonly limits: Limits
  /** Entries a run. */
  readonly trades: number
  /** Share of them that is long. */
  readonly longShare: number
  readonly rng: Rng
  readonly runs?: number
}

/**
 * Mean net R of each run, rising. Empty where there is nothing to compare: no trades, or no bar to enter at.
 *
 * @example
 * randomEntries({ ...market, trades: 126, longShare: 0.6, rng }).length // 1000
 */
export function randomEntries(options: RandomEntriesOptions): Float64Array {
  const { trades, longShare, rng, runs = 1000, conditions } = options
  const outcome = outcomes(options)
  const eligible = Array.from(conditions.atr.keys()).filter(
    bar => Number.isFinite(outcome(bar, 1)) && Number.isFinite(outcome(bar, -1)),
  )
  if (trades === 0 || eligible.length === 0) return new Float64Array(0)
  const means = new Float64Array(runs)
  for (let each = 0; each < runs; each++) {
    let sum = 0
    for (let i = 0; i < trades; i++) {
      sum += outcome(eligible[rng.int(eligible.length)]!, rng.next() < longShare ? 1 : -1)
    }
    means[each] = sum / trades
  }
  return sorted(means)
}

/** 5, 50 and 95 % of rising values. */
export function spread(rising: Float64Array): { readonly low: number; readonly median: number; readonly high: number } {
  const at = (share: number): number => quantileOfSorted(rising, share)
  return { low: at(0.05), median: at(0.5), high: at(0.95) }
}

/** R of an entry decided at a bar's close, each computed once; NaN before warm-up and where the data ends before its exit. */
function outcomes(options: RandomEntriesOptions): (bar: number, side: Side) => number {
  const { bars, conditions, instrument, limits } = options
  const known: Record<Side, Map<number, number>> = { 1: new Map(), [-1]: new Map() }
  const shapes = bars.map((bar, i) => barrierBar(bar, i, options))
  const walk = (start: number, side: Side): number => {
    const atr = conditions.atr[start]!
    if (!Number.isFinite(atr)) return Number.NaN
    const barrier = openBarrier(side, { ...bracketDistances(instrument, atr, limits), maxBars: limits.maxBars })
    for (let i = start + 1; i < bars.length; i++) {
      const result = stepBarrier(barrier, instrument, shapes[i]!)
      if (result.state === 'final') return result.r
    }
    return Number.NaN
  }
  return (bar, side) => {
    const r = known[side].get(bar) ?? walk(bar, side)
    known[side].set(bar, r)
    return r
  }
}

/** A bar in steps, with what a fill in it costs by what was known before it. */
export function barrierBar(
  bar: Bar,
  i: number,
  { conditions, instrument, hasVolume }: Pick<RandomEntriesOptions, 'conditions' | 'instrument' | 'hasVolume'>,
): BarrierBar {
  const atr = conditions.atr[i - 1] ?? Number.NaN
  const spreadBps = conditions.spreadBps[i - 1] ?? Number.NaN
  const rth = conditions.session[i] === 0
  const costs = { instrument, rth, atr, spreadBps, price: bar.open, barVolume: bar.volume, hasVolume }
  return {
    open: toSteps(instrument, bar.open),
    high: toSteps(instrument, bar.high),
    low: toSteps(instrument, bar.low),
    close: toSteps(instrument, bar.close),
    // Bars before warm-up are never walked.
    slippage: Number.isFinite(atr) ? slippageSteps(costs, 1) : 0,
    excluded: false,
  }
}
