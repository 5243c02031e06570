// The steps of one boosting round: slopes of the loss, values of the leaves, and whether a validation set says stop.

import type { FlatTree } from '../../onnx/tree-ensemble.ts'
import type { LearningSet } from '../model.ts'
import type { GrownTree } from './grow-values.ts'
import type { Loss } from './losses.ts'
import { addTree } from './walk.ts'

/** Weights scaled to a mean of 1, so that L2 means the same with and without them. */
export function unitWeights({ count, weights }: LearningSet): Float64Array {
  if (weights === undefined) return new Float64Array(count).fill(1)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map(weight => (weight * count) / total)
}

export type Slopes = {
  readonly gradients: Float64Array
  /** Absent where every row's is 1. */
  readonly curvatures?: Float64Array
  /** Computes both at the given scores. */
  update(scores: Float64Array): void
}

/** @param weighted whether some weight differs from 1 */
export function slopesOf(loss: Loss, targets: ArrayLike<number>, weights: Float64Array, weighted: boolean): Slopes {
  const gradients = new Float64Array(weights.length)
  const gradient = loss.gradient
  const update = (scores: Float64Array): void => {
    for (let row = 0; row < scores.length; row++) {
      gradients[row] = weights[row]! * gradient(scores[row]!, targets[row]!)
    }
  }
  const curvature = loss.curvature
  if (curvature === undefined) return weighted ? { gradients, curvatures: weights, update } : { gradients, update }
  const curvatures = new Float64Array(weights.length)
  return {
    gradients,
    curvatures,
    update(scores) {
      update(scores)
      for (let row = 0; row < scores.length; row++) {
        curvatures[row] = weights[row]! * curvature(scores[row]!, targets[row]!)
      }
    },
  }
}

export type RoundRows = {
  readonly targets: ArrayLike<number>
  readonly weights: Float64Array
  readonly scores: Float64Array
}

/** Gives each leaf its value, in float32 as it will be exported, and moves the scores of its rows by it. */
export function setLeaves(
  { tree, nodes, starts, order }: GrownTree,
  loss: Loss,
  { gradients, curvatures }: Slopes,
  { rate, l2 }: { readonly rate: number; readonly l2: number },
  rows: RoundRows,
): void {
  for (const [leaf, node] of nodes.entries()) {
    const from = starts[leaf]!
    const to = starts[leaf + 1]!
    const best =
      loss.refit === undefined
        ? newtonStep(gradients, curvatures, l2, order, from, to)
        : refitted(loss.refit, rows, order, from, to)
    const value = Math.fround(rate * best)
    tree.value[node] = value
    for (let at = from; at < to; at++) rows.scores[order[at]!]! += value
  }
}

/** -G / (H + l2), Chen and Guestrin 2016, equation 5. */
function newtonStep(
  gradients: Float64Array,
  curvatures: Float64Array | undefined,
  l2: number,
  order: Int32Array,
  from: number,
  to: number,
): number {
  let gradient = 0
  for (let at = from; at < to; at++) gradient += gradients[order[at]!]!
  let curvature = to - from
  if (curvatures !== undefined) {
    curvature = 0
    for (let at = from; at < to; at++) curvature += curvatures[order[at]!]!
  }
  return curvature + l2 > 0 ? -gradient / (curvature + l2) : 0
}

function refitted(
  refit: NonNullable<Loss['refit']>,
  { targets, weights, scores }: RoundRows,
  order: Int32Array,
  from: number,
  to: number,
): number {
  const rows = order.subarray(from, to)
  return refit(
    Float64Array.from(rows, row => targets[row]! - scores[row]!),
    Float64Array.from(rows, row => weights[row]!),
  )
}

export type ValidationJudge = {
  /** Takes the next tree into account; true when the last `patience` trees brought nothing. */
  stops(tree: FlatTree): boolean
  /** How many trees had the lowest validation loss. */
  best(): number
}

export function validationJudge(loss: Loss, set: LearningSet, base: number, patience: number): ValidationJudge {
  const { rows, count, width, targets } = set
  const weights = unitWeights(set)
  const scores = new Float64Array(count).fill(base)
  const mean = (): number => {
    let sum = 0
    for (let row = 0; row < count; row++) sum += weights[row]! * loss.value(scores[row]!, targets[row]!)
    return sum / count
  }
  let lowest = mean()
  let best = 0
  let seen = 0
  return {
    stops(tree) {
      addTree(tree, 1, rows, count, width, scores)
      seen++
      const now = mean()
      if (now < lowest) {
        lowest = now
        best = seen
      }
      return seen - best >= patience
    },
    best: () => best,
  }
}
