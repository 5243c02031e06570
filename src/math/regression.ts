// How good predicted numbers are: R2, mean absolute error, rank correlation and sign hit rate (MET-01).

import { type Numbers, pearson, ranks } from './statistics.ts'

export type Predicted = {
  readonly actual: Numbers
  readonly predicted: Numbers
  readonly weights?: Numbers | undefined
}

const weightAt = (weights: Numbers | undefined, row: number): number => weights?.[row] ?? 1

/**
 * Share of the variance explained; negative where the mean of `actual` would have been the better prediction. NaN where `actual`
 * does not vary.
 *
 * @example
 * rSquared({ actual: [1, 2, 3], predicted: [1, 2, 2] }) // 0.5
 */
export function rSquared({ actual, predicted, weights }: Predicted): number {
  let total = 0
  let center = 0
  for (let row = 0; row < actual.length; row++) {
    total += weightAt(weights, row)
    center += weightAt(weights, row) * actual[row]!
  }
  center /= total
  let left = 0
  let spread = 0
  for (let row = 0; row < actual.length; row++) {
    left += weightAt(weights, row) * (actual[row]! - predicted[row]!) ** 2
    spread += weightAt(weights, row) * (actual[row]! - center) ** 2
  }
  return spread === 0 ? Number.NaN : 1 - left / spread
}

export function meanAbsoluteError({ actual, predicted, weights }: Predicted): number {
  let sum = 0
  let total = 0
  for (let row = 0; row < actual.length; row++) {
    sum += weightAt(weights, row) * Math.abs(actual[row]! - predicted[row]!)
    total += weightAt(weights, row)
  }
  return sum / total
}

/** Rank information coefficient: Spearman's correlation, equal values sharing their mean rank. NaN where a side is constant. */
export function rankIc({ actual, predicted }: Predicted): number {
  return pearson(ranks(actual), ranks(predicted))
}

/** Share of rows whose sign was predicted, over the rows that have a sign; predicting 0 is a miss. */
export function signHitRate({ actual, predicted, weights }: Predicted): number {
  let hits = 0
  let total = 0
  for (let row = 0; row < actual.length; row++) {
    if (actual[row] === 0) continue
    total += weightAt(weights, row)
    if (Math.sign(predicted[row]!) === Math.sign(actual[row]!)) hits += weightAt(weights, row)
  }
  return hits / total
}
