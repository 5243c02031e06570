// A metric with its 95 % block-bootstrap interval, or the reason why the sample is too thin for a number (SPLIT-03, TRAIN-05).

import type { Rng } from '../../base/rng.ts'
import { meanBlockLength } from '../../math/block-length.ts'
import { bootstrapInterval, percentileInterval, resampledMeans } from '../../math/bootstrap.ts'
import { mean, type Numbers } from '../../math/statistics.ts'
import type { Metric } from '../../release/evaluation.ts'

/** A mean of one value a row. */
export type MeanStatistic = { readonly kind: 'mean'; readonly values: Float64Array }

/** A function of means over rows: a resample costs its blocks and not a sort. */
export type MeansStatistic = {
  readonly kind: 'means'
  readonly count: number
  readonly value: number
  readonly columns: () => readonly Float64Array[]
  /** At the means of the whole sample this is `value`, to rounding. */
  readonly of: (means: readonly number[]) => number
}

/** Something about values in their order. */
export type PathStatistic = {
  readonly kind: 'path'
  readonly values: Float64Array
  readonly of: (values: Float64Array) => number
}

export type Statistic = MeanStatistic | MeansStatistic | PathStatistic
export type Statistics = Readonly<Record<string, Statistic>>

/** Of an iterable of one number a row. */
export const meanOf = (values: Iterable<number>): MeanStatistic => ({
  kind: 'mean',
  values: Float64Array.from(values),
})

export type IntervalOptions = {
  readonly rng: Rng
  readonly resamples: number
  /** Least mean block length in rows: how many rows begin during a row's life. */
  readonly block: number
  /** Fewer rows print no number. */
  readonly minimum: number
}

const countOf = (statistic: Statistic): number =>
  statistic.kind === 'means' ? statistic.count : statistic.values.length

/** The bare value; NaN where it is not defined. */
export function valueOf(statistic: Statistic): number {
  if (statistic.kind === 'means') return statistic.value
  return statistic.kind === 'mean' ? mean(statistic.values) : statistic.of(statistic.values)
}

const rounded = (value: number): number | null => (Number.isFinite(value) ? value : null)

const means = (statistic: Statistic): readonly Float64Array[] =>
  statistic.kind === 'path' ? [] : statistic.kind === 'mean' ? [statistic.values] : statistic.columns()

/** Resampled values of statistics of one count, all from the same draws of rows. */
function resampled(group: readonly Statistic[], { rng, resamples, block }: IntervalOptions): Float64Array[] {
  const first = group.find(statistic => statistic.kind === 'mean')
  const meanBlock = Math.max(block, first === undefined ? 1 : meanBlockLength(first.values))
  const columns = group.map(means)
  const drawn =
    columns.flat().length === 0 ? [] : resampledMeans(columns.flat(), { rng: rng.fork('means'), resamples, meanBlock })
  let next = 0
  const values = group.map((statistic, at) => {
    const own = drawn.slice(next, (next += columns[at]!.length))
    if (statistic.kind !== 'means') return own[0] ?? new Float64Array(resamples)
    return Float64Array.from({ length: resamples }, (_, b) => statistic.of(own.map(column => column[b]!)))
  })
  const paths = group.flatMap((statistic, at) => (statistic.kind === 'path' ? [{ statistic, into: values[at]! }] : []))
  if (paths.length === 0) return values
  const order = Float64Array.from(paths[0]!.statistic.values, (_, row) => row)
  let b = 0
  bootstrapInterval(
    order,
    rows => {
      for (const { statistic, into } of paths) into[b] = statistic.of(rows.map(row => statistic.values[row]!))
      return b++
    },
    { rng: rng.fork('paths'), resamples, meanBlock },
  )
  return values
}

/**
 * Metrics with their intervals. Statistics of one count are resampled together: models that are judged on the same rows share
 * their luck, and the rows are drawn once.
 *
 * @returns in the order given
 * @example
 * metricsOf([meanOf([1, 2, 3])], { ...options, minimum: 30 }) // [{ value: null, low: null, high: null, n: 3, note: '3 rows, 30 are needed' }]
 */
export function metricsOf(statistics: readonly Statistic[], options: IntervalOptions): Metric[] {
  const metrics = statistics.map((statistic): Metric => {
    const n = countOf(statistic)
    const value = valueOf(statistic)
    const note = n < options.minimum ? `${n} rows, ${options.minimum} are needed` : 'not defined on these rows'
    const known = n >= options.minimum && Number.isFinite(value)
    return { value: known ? value : null, low: null, high: null, n, ...(known ? {} : { note }) }
  })
  for (const count of new Set(metrics.filter(({ value }) => value !== null).map(({ n }) => n))) {
    const places = Array.from(metrics.keys()).filter(at => metrics[at]!.n === count && metrics[at]!.value !== null)
    const group = places.map(at => statistics[at]!)
    const drawn = resampled(group, { ...options, rng: options.rng.fork(`${count}`) })
    for (const [i, at] of places.entries()) {
      const { low, high } = percentileInterval(drawn[i]!)
      metrics[at] = { ...metrics[at]!, low: rounded(low), high: rounded(high) }
    }
  }
  return metrics
}

/** Values alone, for folds: null where the sample is too thin or the value is not defined. */
export function valuesOf(statistics: Statistics, minimum: number): Record<string, number | null> {
  return Object.fromEntries(
    Object.entries(statistics).map(([name, statistic]) => [
      name,
      countOf(statistic) < minimum ? null : rounded(valueOf(statistic)),
    ]),
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
