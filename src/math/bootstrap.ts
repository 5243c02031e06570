// Stationary bootstrap (Politis and Romano 1994): blocks of random, geometric length from a series closed to a ring keep short-range
// dependence, so intervals of autocorrelated returns are as wide as they should be.

import type { Rng } from '../base/rng.ts'
import { meanBlockLength } from './block-length.ts'
import { type Numbers, quantileOfSorted } from './statistics.ts'

export type BootstrapOptions = {
  readonly rng: Rng
  readonly resamples?: number
  /** Mean block length; from the data (`meanBlockLength`) when absent. 1 is the ordinary bootstrap. */
  readonly meanBlock?: number
}

export type Interval = { readonly low: number; readonly high: number }

/** Calls `block(start, length)` until the blocks of one resample together hold n values; length may pass the end of the ring. */
function drawBlocks(n: number, meanBlock: number, rng: Rng, block: (start: number, length: number) => void): void {
  const scale = meanBlock <= 1 ? 0 : 1 / Math.log(1 - 1 / meanBlock)
  for (let filled = 0; filled < n; ) {
    const start = rng.int(n)
    // Inverse of the geometric distribution function; 1 - next() is never 0.
    const length = scale === 0 ? 1 : 1 + Math.floor(Math.log(1 - rng.next()) * scale)
    const taken = Math.min(length, n - filled)
    block(start, taken)
    filled += taken
  }
}

/**
 * Means of resamples of one or several columns of equal length; the columns of a row stay together. Block sums come from running
 * totals, so a resample costs its number of blocks and not its number of values.
 *
 * @returns per column, `resamples` means
 */
export function resampledMeans(
  columns: readonly Numbers[],
  { rng, resamples = 10_000, meanBlock }: BootstrapOptions,
): Float64Array[] {
  const n = columns[0]?.length ?? 0
  if (n === 0 || columns.some(column => column.length !== n))
    throw new RangeError('columns must be of one length, not 0')
  const size = meanBlock ?? meanBlockLength(columns[0]!)
  const totals = columns.map(column => {
    const running = new Float64Array(n + 1)
    for (let i = 0; i < n; i++) running[i + 1] = running[i]! + column[i]!
    return running
  })
  const means = columns.map(() => new Float64Array(resamples))
  for (let sample = 0; sample < resamples; sample++) {
    drawBlocks(n, size, rng, (start, length) => {
      const end = start + length
      for (let c = 0; c < totals.length; c++) {
        const running = totals[c]!
        const wrapped = end > n ? running[n]! + running[end - n]! : running[end]!
        means[c]![sample]! += (wrapped - running[start]!) / n
      }
    })
  }
  return means
}

/** The middle `level` of resampled statistics (percentile interval); resamples without a finite value are left out. */
export function percentileInterval(statistics: Float64Array, level = 0.95): Interval {
  const rising = statistics.filter(Number.isFinite).sort()
  return { low: quantileOfSorted(rising, (1 - level) / 2), high: quantileOfSorted(rising, (1 + level) / 2) }
}

/**
 * Interval of any statistic of a series.
 *
 * @param statistic reads a resample of the series' length; it must not keep the array, which is reused
 * @example
 * bootstrapInterval([1, 2, 3, 4], median, { rng: seededRng(1), resamples: 200 }) // { low: 1.5, high: 4 } or near
 */
export function bootstrapInterval(
  values: Numbers,
  statistic: (sample: Float64Array) => number,
  { rng, resamples = 10_000, meanBlock, level = 0.95 }: BootstrapOptions & { readonly level?: number },
): Interval {
  const n = values.length
  if (n === 0) throw new RangeError('no values to resample')
  const size = meanBlock ?? meanBlockLength(values)
  const ring = new Float64Array(2 * n)
  for (let i = 0; i < 2 * n; i++) ring[i] = values[i % n]!
  const sample = new Float64Array(n)
  const statistics = new Float64Array(resamples)
  for (let b = 0; b < resamples; b++) {
    let filled = 0
    drawBlocks(n, size, rng, (start, length) => {
      sample.set(ring.subarray(start, start + length), filled)
      filled += length
    })
    statistics[b] = statistic(sample)
  }
  return percentileInterval(statistics, level)
}

/** The interval of the mean: the same draws as `bootstrapInterval`, much faster. */
export function bootstrapMeanInterval(
  values: Numbers,
  options: BootstrapOptions & { readonly level?: number },
): Interval {
  return percentileInterval(resampledMeans([values], options)[0]!, options.level)
}
