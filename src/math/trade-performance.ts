// Measures of closed trades (trading chapter, definitions MET): profit factor, expectancy and the win rate with its interval.

import { type EvidenceFloor, type Measure, measured, measureIf, notAvailable, tooThin } from './measure.ts'
import { normalQuantile } from './normal.ts'
import { mean, type Numbers } from './statistics.ts'

/**
 * Gross profit over gross loss; N/A without a loss.
 *
 * @param results net result of each closed trade, in money or R
 */
export function profitFactor(results: Numbers, floor: EvidenceFloor = {}): Measure {
  let gain = 0
  let loss = 0
  for (let i = 0; i < results.length; i++) {
    if (results[i]! > 0) gain += results[i]!
    else loss -= results[i]!
  }
  return measureIf(
    loss === 0 ? Number.NaN : gain / loss,
    results.length,
    'no losing trade',
    { trades: results.length },
    floor,
  )
}

/** Mean net R. */
export function expectancy(r: Numbers, floor: EvidenceFloor = {}): Measure {
  return measureIf(mean(r), r.length, 'no trades', { trades: r.length }, floor)
}

export type Rate = Measure & { readonly low: number; readonly high: number }

/**
 * Interval of Wilson (1927) for a share of successes.
 *
 * @example
 * wilsonInterval(8, 10).low // 0.4901...
 */
export function wilsonInterval(successes: number, n: number, level = 0.95): { low: number; high: number } {
  if (n === 0) return { low: 0, high: 1 }
  const z = normalQuantile(0.5 + level / 2)
  const share = successes / n
  const center = share + (z * z) / (2 * n)
  const reach = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n))
  const scale = 1 + (z * z) / n
  // At 0 and n successes the interval reaches the end exactly; rounding must not push it past.
  return { low: Math.max(0, (center - reach) / scale), high: Math.min(1, (center + reach) / scale) }
}

/** Wins over closed trades; breaking even is not winning. The interval stands also where the rate is N/A. */
export function winRate(results: Numbers, floor: EvidenceFloor = {}): Rate {
  const n = results.length
  let wins = 0
  for (let i = 0; i < n; i++) if (results[i]! > 0) wins++
  const reason = tooThin({ trades: n }, floor)
  return { ...(reason === undefined ? measured(wins / n, n) : notAvailable(reason, n)), ...wilsonInterval(wins, n) }
}
