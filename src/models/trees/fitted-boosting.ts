// What boosting leaves behind: trees that are summed, and a link from the sum to what is predicted.

import { Fault } from '../../base/fault.ts'
import { node } from '../../onnx/build.ts'
import { type TreeEnsemble, treeEnsembleRegressor } from '../../onnx/tree-ensemble.ts'
import type { FittedModel, Saved } from '../model.ts'
import type { LossName } from './losses.ts'
import { loadTree, type SavedTree, saveTree } from './saved-tree.ts'
import { sumTrees } from './walk.ts'

export type Boosted = {
  readonly kind: string
  readonly loss: LossName
  readonly width: number
  readonly importance: Float64Array
  readonly ensemble: TreeEnsemble
}

type SavedBoosting = {
  readonly loss: LossName
  readonly width: number
  readonly bases: readonly number[]
  readonly importance: readonly number[]
  readonly trees: readonly SavedTree[]
}

/** In place: shares of each row. */
function softmax(scores: Float32Array, outputs: number): Float32Array {
  for (let from = 0; from < scores.length; from += outputs) {
    const own = scores.subarray(from, from + outputs)
    const most = own.reduce((a, b) => Math.max(a, b))
    let sum = 0
    for (const score of own) sum += Math.exp(score - most)
    for (let k = 0; k < outputs; k++) own[k] = Math.exp(own[k]! - most) / sum
  }
  return scores
}

/** Operator of the exported graph by loss; none where the sum itself is the prediction. */
const LINKS: Partial<Readonly<Record<LossName, string>>> = { logistic: 'Sigmoid', softmax: 'Softmax' }

export function fittedBoosting({ kind, loss, width, importance, ensemble }: Boosted): FittedModel {
  const { trees, targets: outputs, baseValues = [] } = ensemble
  return {
    kind,
    width,
    outputs,
    predict(rows, count) {
      const scores = sumTrees(ensemble, rows, count, width)
      if (loss === 'softmax') return softmax(scores, outputs)
      return loss === 'logistic' ? scores.map(score => 1 / (1 + Math.exp(-score))) : scores
    },
    importance: () => importance.slice(),
    save: () => ({
      kind,
      loss,
      width,
      bases: Array.from(baseValues),
      importance: Array.from(importance),
      trees: trees.map(saveTree),
    }),
    toGraph(input, prefix) {
      const sum = treeEnsembleRegressor(ensemble, input, `${prefix}sum`, `${prefix}trees`)
      const link = LINKS[loss]
      if (link === undefined) return { nodes: [sum], initializers: [], output: `${prefix}sum`, outputs }
      const share = node(link, [`${prefix}sum`], [`${prefix}share`])
      return { nodes: [sum, share], initializers: [], output: `${prefix}share`, outputs }
    },
  }
}

/** Faults: `MODEL_STATE_INVALID`. */
export function loadBoosting(kind: string, saved: Saved): FittedModel {
  if (saved.kind !== kind) throw new Fault('MODEL_STATE_INVALID', `a ${saved.kind} is not a ${kind}`)
  const { loss, width, bases, importance, trees } = saved as Saved & SavedBoosting
  const ensemble = {
    trees: trees.map(tree => loadTree(tree, bases.length, width)),
    targets: bases.length,
    baseValues: bases,
  }
  return fittedBoosting({ kind, loss, width, importance: Float64Array.from(importance), ensemble })
}
