// What a boosted ensemble lowers on its training rows: where scores begin, and the slopes of the loss at the present scores.

import type { Loss } from './losses.ts'

/** Scores are arrays of one output after the other, a score per row in each. */
export type Objective = {
  readonly outputs: number
  /** Where the scores of each output begin, in float32. */
  readonly bases: readonly number[]
  /** Whether rows differ in curvature. */
  readonly curved: boolean
  /** Gradients, and where wanted curvatures, of one output; outputs come in rising order, from scores as they were before the first. */
  slopes(scores: Float64Array, output: number, gradients: Float64Array, curvatures: Float64Array | undefined): void
  /** Weighted mean of the loss. */
  loss(scores: Float64Array, targets: ArrayLike<number>, weights: Float64Array): number
  /** Leaf value from its rows, for losses that a Newton step does not minimise. */
  readonly refit?: (rows: Int32Array, scores: Float64Array) => number
}

/** One score per row. @param weighted whether the weights differ */
export function scalarObjective(
  loss: Loss,
  targets: ArrayLike<number>,
  weights: Float64Array,
  weighted: boolean,
): Objective {
  const { value, gradient, curvature, refit } = loss
  const count = weights.length
  const common = {
    outputs: 1,
    bases: [Math.fround(loss.base(targets, weights))],
    curved: weighted || curvature !== undefined,
    slopes(scores: Float64Array, _: number, gradients: Float64Array, curvatures: Float64Array | undefined) {
      for (let row = 0; row < count; row++) gradients[row] = weights[row]! * gradient(scores[row]!, targets[row]!)
      if (curvatures === undefined) return
      for (let row = 0; row < count; row++) {
        curvatures[row] = weights[row]! * (curvature === undefined ? 1 : curvature(scores[row]!, targets[row]!))
      }
    },
    loss(scores: Float64Array, given: ArrayLike<number>, own: Float64Array) {
      let sum = 0
      for (let row = 0; row < own.length; row++) sum += own[row]! * value(scores[row]!, given[row]!)
      return sum / own.length
    },
  }
  if (refit === undefined) return common
  return {
    ...common,
    refit: (rows, scores) =>
      refit(
        Float64Array.from(rows, row => targets[row]! - scores[row]!),
        Float64Array.from(rows, row => weights[row]!),
      ),
  }
}

/** A class that no row has still gets a finite score. */
const SMALLEST_SHARE = 1e-6

/** A score per class; the shares are their softmax (Friedman 2001, section 4.6, with one Newton step per leaf as for any other loss). */
export function softmaxObjective(classes: number, targets: ArrayLike<number>, weights: Float64Array): Objective {
  const count = weights.length
  const shares = new Float64Array(classes * count)
  const sizes = new Float64Array(classes)
  for (let row = 0; row < count; row++) sizes[targets[row]!]! += weights[row]! / count
  return {
    outputs: classes,
    bases: Array.from(sizes, share => Math.fround(Math.log(Math.max(share, SMALLEST_SHARE)))),
    curved: true,
    slopes(scores, output, gradients, curvatures) {
      if (output === 0) setShares(scores, classes, count, shares)
      for (let row = 0; row < count; row++) {
        const share = shares[output * count + row]!
        gradients[row] = weights[row]! * (share - (targets[row] === output ? 1 : 0))
        if (curvatures !== undefined) curvatures[row] = weights[row]! * share * (1 - share)
      }
    },
    loss(scores, given, own) {
      const rows = own.length
      let sum = 0
      for (let row = 0; row < rows; row++) {
        sum += own[row]! * (logSum(scores, classes, rows, row) - scores[given[row]! * rows + row]!)
      }
      return sum / rows
    },
  }
}

/** Log of the sum of the exponentials of a row's scores. */
function logSum(scores: Float64Array, classes: number, count: number, row: number): number {
  let most = -Infinity
  for (let at = row; at < classes * count; at += count) most = Math.max(most, scores[at]!)
  let sum = 0
  for (let at = row; at < classes * count; at += count) sum += Math.exp(scores[at]! - most)
  return most + Math.log(sum)
}

function setShares(scores: Float64Array, classes: number, count: number, shares: Float64Array): void {
  for (let row = 0; row < count; row++) {
    const all = logSum(scores, classes, count, row)
    for (let at = row; at < classes * count; at += count) shares[at] = Math.exp(scores[at]! - all)
  }
}
