// The steps of one boosting round: slopes of the loss, values of the leaves, and whether a validation set says stop.

import type { FlatTree } from '../../onnx/tree-ensemble.ts'
import type { LearningSet } from '../model.ts'
import type { ValueTreeGrower } from './grow-values.ts'
import type { Loss } from './losses.ts'
import { sumTrees } from './walk.ts'

/** Weights scaled to a mean of 1, so that L2 means the same with and without them. */
export function unitWeights({ count, weights }: LearningSet): Float64Array {
  if (weights === undefined) return new Float64Array(count).fill(1)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map(weight => (weight * count) / total)
}

/** Computes gradients, and curvatures where rows differ in them, at the grower's scores. */
export function setSlopes(
  { scores, gradients, curvatures }: ValueTreeGrower,
  { gradient, curvature }: Loss,
  targets: ArrayLike<number>,
  weights: Float64Array,
): void {
  for (let row = 0; row < scores.length; row++) {
    gradients[row] = weights[row]! * gradient(scores[row]!, targets[row]!)
  }
  if (curvatures === undefined) return
  for (let row = 0; row < scores.length; row++) {
    curvatures[row] = weights[row]! * (curvature === undefined ? 1 : curvature(scores[row]!, targets[row]!))
  }
}

/** Gives each leaf its value, in float32 as it will be exported, and moves the scores of its rows by it. */
export function setLeaves(
  grower: ValueTreeGrower,
  { tree, leaves }: ReturnType<ValueTreeGrower['grow']>,
  loss: Loss,
  { rate, l2 }: { readonly rate: number; readonly l2: number },
  targets: ArrayLike<number>,
  weights: Float64Array,
): void {
  const { scores } = grower
  for (const leaf of leaves) {
    let best: number
    if (loss.refit === undefined) {
      // -G / (H + l2), Chen and Guestrin 2016, equation 5.
      const divisor = grower.curvatureOf(leaf) + l2
      best = divisor > 0 ? -grower.gradientOf(leaf) / divisor : 0
    } else {
      const rows = grower.rowsOf(leaf)
      const residuals = Float64Array.from(rows, row => targets[row]! - scores[row]!)
      const own = Float64Array.from(rows, row => weights[row]!)
      best = loss.refit(residuals, own)
    }
    const value = Math.fround(rate * best)
    tree.value[leaf.node] = value
    grower.moveScores(leaf, value)
  }
}

export type ValidationJudge = {
  /** Takes the next tree into account; true when the last `patience` trees brought nothing. */
  stops(tree: FlatTree): boolean
  /** How many trees had the lowest validation loss. */
  best(): number
  /** The present one. */
  loss(): number
}

/** What a round lowers: the weighted mean loss at the present scores. */
export function meanLoss(
  { value }: Loss,
  scores: Float64Array,
  targets: ArrayLike<number>,
  weights: Float64Array,
): number {
  let sum = 0
  for (let row = 0; row < scores.length; row++) sum += weights[row]! * value(scores[row]!, targets[row]!)
  return sum / scores.length
}

export function validationJudge(loss: Loss, set: LearningSet, base: number, patience: number): ValidationJudge {
  const { rows, count, width, targets } = set
  const weights = unitWeights(set)
  const scores = new Float64Array(count).fill(base)
  let now = meanLoss(loss, scores, targets, weights)
  let lowest = now
  let best = 0
  let seen = 0
  return {
    stops(tree) {
      const moved = sumTrees({ trees: [tree], targets: 1 }, rows, count, width)
      for (let row = 0; row < count; row++) scores[row]! += moved[row]!
      seen++
      now = meanLoss(loss, scores, targets, weights)
      if (now < lowest) {
        lowest = now
        best = seen
      }
      return seen - best >= patience
    },
    best: () => best,
    loss: () => now,
  }
}
