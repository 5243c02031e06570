// Metrics that sort rows, as functions of means: what the order says of each row is kept while rows are resampled.

import { calibrationBins, calibrationError } from '../../math/calibration.ts'
import { macroAuc, topShareLift } from '../../math/classification.ts'
import { rankIc, rSquared } from '../../math/regression.ts'
import { type Numbers, ranks, sortOrder } from '../../math/statistics.ts'
import type { MeansStatistic } from './interval.ts'

const product = (left: Numbers, right: Numbers): Float64Array =>
  Float64Array.from(left, (value, i) => value * right[i]!)

/** Correlation of two columns from the means of `left, right, left^2, right^2, left*right`. */
const correlation = ([a, b, aa, bb, ab]: readonly number[]): number =>
  (ab! - a! * b!) / Math.sqrt((aa! - a! * a!) * (bb! - b! * b!))

/** Spearman's correlation; ranks are those of the whole sample. */
export function rankIcStatistic(actual: Float64Array, predicted: Float64Array): MeansStatistic {
  return {
    kind: 'means',
    count: actual.length,
    value: rankIc({ actual, predicted }),
    columns: () => {
      const [left, right] = [ranks(actual), ranks(predicted)]
      return [left, right, product(left, left), product(right, right), product(left, right)]
    },
    of: correlation,
  }
}

export function rSquaredStatistic(actual: Float64Array, predicted: Float64Array): MeansStatistic {
  return {
    kind: 'means',
    count: actual.length,
    value: rSquared({ actual, predicted }),
    columns: () => [actual, product(actual, actual), actual.map((value, row) => (value - predicted[row]!) ** 2)],
    of: ([a, aa, error]) => 1 - error! / (aa! - a! * a!),
  }
}

export type ProbabilityRows = {
  /** Row-major, `labels.length * classes`. */
  readonly probabilities: Float32Array
  readonly labels: Uint8Array
  readonly classes: number
}

/**
 * Columns of one class against the rest: is it the class, and the row's placement among the other side (the share of other
 * rows that it is rightly ordered with), kept apart by side.
 */
function placements({ probabilities, labels, classes }: ProbabilityRows, k: number): Float64Array[] {
  const scores = Float64Array.from(labels, (_, row) => probabilities[row * classes + k]!)
  const positive = Float64Array.from(labels, label => (label === k ? 1 : 0))
  const positives = positive.reduce((sum, each) => sum + each, 0)
  const all = ranks(scores)
  const own = new Float64Array(labels.length)
  for (const side of [0, 1]) {
    const rows = Array.from(positive.keys()).filter(row => positive[row] === side)
    for (const [at, rank] of ranks(rows.map(row => scores[row]!)).entries()) own[rows[at]!] = rank
  }
  const above = all.map((rank, row) => (positive[row] === 1 ? (rank - own[row]!) / (labels.length - positives) : 0))
  const below = all.map((rank, row) => (positive[row] === 1 ? 0 : 1 - (rank - own[row]!) / positives))
  return [positive, above, below]
}

/** First-order expansion of the AUC in its two samples (Hoeffding 1948; DeLong et al. 1988), averaged over classes. */
export function macroAucStatistic(rows: ProbabilityRows): MeansStatistic {
  const present = Array.from({ length: rows.classes }, (_, k) => k).filter(k => {
    const positives = rows.labels.reduce((sum, label) => sum + (label === k ? 1 : 0), 0)
    return positives > 0 && positives < rows.labels.length
  })
  const columns = present.flatMap(k => placements(rows, k))
  const whole = present.map((_, at) => sum(columns[3 * at + 1]!) / sum(columns[3 * at]!))
  return {
    kind: 'means',
    count: rows.labels.length,
    value: macroAuc(rows),
    columns: () => columns,
    of: means => {
      let total = 0
      for (const at of present.keys()) {
        const [positive, above, below] = [means[3 * at]!, means[3 * at + 1]!, means[3 * at + 2]!]
        total += above / positive + below / (1 - positive) - whole[at]!
      }
      return total / present.length
    },
  }
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)

/** Confidence in the likeliest class, and whether it was right. */
export type StatedRows = { readonly scores: Float64Array; readonly hits: Uint8Array }

/** Per bin of equal mass what its rows state minus what came true, 0 elsewhere. */
function binColumns(rows: StatedRows, bins: number): Float64Array[] {
  const order = sortOrder(rows.scores)
  let place = 0
  return calibrationBins({ ...rows, bins }).map(({ mass }) => {
    const column = new Float64Array(order.length)
    for (let i = 0; i < mass; i++, place++)
      column[order[place]!] = rows.scores[order[place]!]! - rows.hits[order[place]!]!
    return column
  })
}

/** Expected calibration error in the bins of the whole sample. */
export function calibrationStatistic({ scores, hits }: StatedRows, bins = 15): MeansStatistic {
  return {
    kind: 'means',
    count: scores.length,
    value: calibrationError({ scores, hits, bins }),
    columns: () => binColumns({ scores, hits }, bins),
    of: means => means.reduce((total, gap) => total + Math.abs(gap), 0),
  }
}

/** How much of each row is among the `share` highest scores: 1, 0, and for rows tied at the edge a part. */
function topShare(scores: Float64Array, share: number): Float64Array {
  const order = sortOrder(scores).reverse()
  const part = new Float64Array(scores.length)
  let open = share * scores.length
  for (let from = 0; from < order.length && open > 0; ) {
    let to = from
    while (to < order.length && scores[order[to]!] === scores[order[from]!]) to++
    const each = Math.min(1, open / (to - from))
    for (let at = from; at < to; at++) part[order[at]!] = each
    open -= each * (to - from)
    from = to
  }
  return part
}

/** Precision among the highest scores minus the base rate; which rows are highest is that of the whole sample. */
export function topShareStatistic({ scores, hits }: StatedRows, share = 0.1): MeansStatistic {
  return {
    kind: 'means',
    count: scores.length,
    value: topShareLift({ scores, hits, share }),
    columns: () => {
      const top = topShare(scores, share)
      return [top, product(top, hits), Float64Array.from(hits)]
    },
    of: ([top, caught, base]) => caught! / top! - base!,
  }
}
