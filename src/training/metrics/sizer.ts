// What a size policy makes of the fired candidates in time order: mean, tail and drawdown in R (MET-01).

import { worstMean } from '../../math/cvar.ts'
import { drawdown, sharpeRatio } from '../../math/performance.ts'
import { type MeansStatistic, meanOf, type PathStatistic, type Statistics } from './interval.ts'

const fallOf = (results: Float64Array): number => {
  let equity = 0
  return drawdown([0, ...results.map(value => (equity += value))]).amount
}

function sharpeStatistic(values: Float64Array): MeansStatistic {
  const n = values.length
  return {
    kind: 'means',
    count: n,
    value: sharpeRatio(values, { perYear: 1 }),
    columns: () => [values, values.map(value => value * value)],
    of: ([mean, square]) => mean! / Math.sqrt(((square! - mean! * mean!) * n) / (n - 1)),
  }
}

/** @param sizes multiplier a trade, @param r net R a trade at size 1, both in order of time */
export function sizerStatistics(sizes: Float32Array, r: Float64Array): Statistics {
  const values = r.map((value, trade) => sizes[trade]! * value)
  const path = (of: PathStatistic['of']): PathStatistic => ({ kind: 'path', values, of })
  return {
    meanR: meanOf(values),
    meanSize: meanOf(sizes),
    cvarR: path(sample => worstMean(sample)),
    maxDrawdownR: path(fallOf),
    // Of single trades, never annualised.
    sharpePerTrade: sharpeStatistic(values),
  }
}
