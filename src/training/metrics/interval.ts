// A metric with its 95 % block-bootstrap interval, or the reason why the sample is too thin for a number (SPLIT-03, TRAIN-05).

import type { Rng } from '../../base/rng.ts'
import { bootstrapInterval, bootstrapMeanInterval } from '../../math/bootstrap.ts'
import { mean, type Numbers } from '../../math/statistics.ts'
import type { Metric } from '../../release/evaluation.ts'

/** Either a mean of one value a row, or any function of a choice of rows (indices, with repeats). */
export type Statistic =
  | { readonly kind: 'mean'; readonly values: Float64Array }
  | { readonly kind: 'other'; readonly count: number; readonly of: (rows: Numbers) => number }

export type Statistics = Readonly<Record<string, Statistic>>

export const meanOf = (values: Iterable<number>): Statistic => ({ kind: 'mean', values: Float64Array.from(values) })

export type IntervalOptions = {
  readonly rng: Rng
  /** Resamples of a mean. */
  readonly resamples: number
  /** Resamples of everything else: each costs a sort. */
  readonly costlyResamples: number
  /** Mean block length of everything else, in rows: how many rows in a row share their labels' time. */
  readonly block: number
  /** Fewer rows print no number. */
  readonly minimum: number
}

const all = (count: number): Float64Array => Float64Array.from({ length: count }, (_, row) => row)

/** The bare value; NaN where it is not defined. */
export function valueOf(statistic: Statistic): number {
  return statistic.kind === 'mean' ? mean(statistic.values) : statistic.of(all(statistic.count))
}

const rounded = (value: number): number | null => (Number.isFinite(value) ? value : null)

/**
 * @example
 * metricOf(meanOf([1, 2, 3]), { ...options, minimum: 30 }) // { value: null, low: null, high: null, n: 3, note: '3 rows, 30 are needed' }
 */
export function metricOf(statistic: Statistic, options: IntervalOptions): Metric {
  const { rng, resamples, costlyResamples, block, minimum } = options
  const n = statistic.kind === 'mean' ? statistic.values.length : statistic.count
  const none = (note: string): Metric => ({ value: null, low: null, high: null, n, note })
  if (n < minimum) return none(`${n} rows, ${minimum} are needed`)
  const value = valueOf(statistic)
  if (!Number.isFinite(value)) return none('not defined on these rows')
  const { low, high } =
    statistic.kind === 'mean'
      ? bootstrapMeanInterval(statistic.values, { rng, resamples })
      : bootstrapInterval(all(n), statistic.of, { rng, resamples: costlyResamples, meanBlock: block })
  return { value, low: rounded(low), high: rounded(high), n }
}

export function metricsOf(statistics: Statistics, options: IntervalOptions): Record<string, Metric> {
  return Object.fromEntries(
    Object.entries(statistics).map(([name, statistic]) => [
      name,
      metricOf(statistic, { ...options, rng: options.rng.fork(name) }),
    ]),
  )
}

/** Values alone, for folds: null where the sample is too thin or the value is not defined. */
export function valuesOf(statistics: Statistics, minimum: number): Record<string, number | null> {
  return Object.fromEntries(
    Object.entries(statistics).map(([name, statistic]) => {
      const n = statistic.kind === 'mean' ? statistic.values.length : statistic.count
      return [name, n < minimum ? null : rounded(valueOf(statistic))]
    }),
  )
}

/**
 * How many rows, on average, begin during a row's life: rows that close together share luck, so blocks must be that long.
 *
 * @param start rising
 * @example meanOverlap([0, 1, 2, 3], [1, 2, 3, 3]) // 1.75
 */
export function meanOverlap(start: Numbers, end: Numbers): number {
  let sum = 0
  for (let row = 0; row < start.length; row++) {
    let low = row
    let high = start.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (start[middle]! <= end[row]!) low = middle
      else high = middle - 1
    }
    sum += low - row + 1
  }
  return start.length === 0 ? 1 : sum / start.length
}
