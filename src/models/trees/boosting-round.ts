// The steps of one boosting round: values of the leaves, and whether a validation set says stop.

import type { FlatTree } from '../../onnx/tree-ensemble.ts'
import type { LearningSet } from '../model.ts'
import type { GrownValueTree, ValueTreeGrower } from './grow-values.ts'
import type { Objective } from './objective.ts'
import { sumTrees } from './walk.ts'

/** Weights scaled to a mean of 1, so that L2 means the same with and without them. */
export function unitWeights({ count, weights }: LearningSet): Float64Array {
  if (weights === undefined) return new Float64Array(count).fill(1)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map(weight => (weight * count) / total)
}

/** Gives each leaf its value, in float32 as it will be exported, and moves the scores of its rows by it. */
export function setLeaves(
  grower: ValueTreeGrower,
  { tree, leaves }: GrownValueTree,
  { refit }: Objective,
  { rate, l2 }: { readonly rate: number; readonly l2: number },
  output: number,
): void {
  for (const leaf of leaves) {
    let best: number
    if (refit === undefined) {
      // -G / (H + l2), Chen and Guestrin 2016, equation 5.
      const divisor = grower.curvatureOf(leaf) + l2
      best = divisor > 0 ? -grower.gradientOf(leaf) / divisor : 0
    } else best = refit(grower.rowsOf(leaf), grower.scores)
    const value = Math.fround(rate * Math.min(Math.max(best, leaf.low), leaf.high))
    tree.value[leaf.node] = value
    grower.moveScores(leaf, value, output)
  }
}

/** The tree as one of an ensemble with several outputs: its leaves are 0 for all outputs but its own. */
export function treeOfOutput(tree: FlatTree, output: number, outputs: number): FlatTree {
  if (outputs === 1) return tree
  const value = new Float32Array(tree.value.length * outputs)
  for (let node = 0; node < tree.value.length; node++) value[node * outputs + output] = tree.value[node]!
  return { ...tree, value }
}

/** Scores as they begin: each output's base on every row. */
export function startScores({ bases }: Objective, scores: Float64Array): void {
  const count = scores.length / bases.length
  for (const [output, base] of bases.entries()) scores.fill(base, output * count, (output + 1) * count)
}

export type ValidationJudge = {
  /** Takes the next round's trees into account; true when the last `patience` rounds brought nothing. */
  stops(trees: readonly FlatTree[]): boolean
  /** How many rounds had the lowest validation loss. */
  best(): number
  /** The present one. */
  loss(): number
}

export function validationJudge(objective: Objective, set: LearningSet, patience: number): ValidationJudge {
  const { rows, count, width, targets } = set
  const { outputs } = objective
  const weights = unitWeights(set)
  const scores = new Float64Array(outputs * count)
  startScores(objective, scores)
  let now = objective.loss(scores, targets, weights)
  let lowest = now
  let best = 0
  let seen = 0
  return {
    stops(trees) {
      const moved = sumTrees({ trees, targets: outputs }, rows, count, width)
      for (let row = 0; row < count; row++) {
        for (let k = 0; k < outputs; k++) scores[k * count + row]! += moved[row * outputs + k]!
      }
      seen++
      now = objective.loss(scores, targets, weights)
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
