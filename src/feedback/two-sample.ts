// Is the newer sample surely lower than the one before it? One-sided p-values for shares and for means.

import { normalCdf } from '../math/normal.ts'
import { mean, type Numbers, variance } from '../math/statistics.ts'

/**
 * Difference of two shares, by the pooled z statistic.
 *
 * @param older 0 or 1 each, as is `newer`
 * @returns the chance of a fall this large if both had one share; 1 where neither sample varies
 * @example shareFallP([1, 1, 1, 0], [0, 0, 1, 0]) // 0.0786
 */
export function shareFallP(older: Numbers, newer: Numbers): number {
  const [a, b] = [mean(older), mean(newer)]
  const pooled = (a * older.length + b * newer.length) / (older.length + newer.length)
  const spread = Math.sqrt(pooled * (1 - pooled) * (1 / older.length + 1 / newer.length))
  return spread > 0 ? normalCdf((b - a) / spread) : 1
}

/**
 * Difference of two means with variances of their own. Against the normal distribution: samples of 50 are far enough from Student's.
 *
 * @returns the chance of a fall this large if both had one mean; 1 where neither sample varies
 */
export function meanFallP(older: Numbers, newer: Numbers): number {
  const spread = Math.sqrt(variance(older) / older.length + variance(newer) / newer.length)
  return spread > 0 ? normalCdf((mean(newer) - mean(older)) / spread) : 1
}
