// What a size policy makes of the fired candidates in time order: mean, tail and drawdown in R (MET-01).

import { worstMean } from '../../math/cvar.ts'
import { drawdown, sharpeRatio } from '../../math/performance.ts'
import type { Numbers } from '../../math/statistics.ts'
import { meanOf, type Statistics } from './interval.ts'

/** @param sizes multiplier a trade, @param r net R a trade at size 1, both in order of time */
export function sizerStatistics(sizes: Float32Array, r: Float64Array): Statistics {
  const results = r.map((value, trade) => sizes[trade]! * value)
  const pick = (rows: Numbers): Float64Array => Float64Array.from(rows, row => results[row]!)
  const other = (of: (sample: Float64Array) => number): Statistics[string] => ({
    kind: 'other',
    count: results.length,
    of: rows => of(pick(rows)),
  })
  return {
    meanR: meanOf(results),
    meanSize: meanOf(sizes),
    cvarR: other(sample => worstMean(sample)),
    maxDrawdownR: other(sample => {
      let equity = 0
      return drawdown([0, ...Array.from(sample, value => (equity += value))]).amount
    }),
    // Of single trades, never annualised.
    sharpePerTrade: other(sample => sharpeRatio(sample, { perYear: 1 })),
  }
}
