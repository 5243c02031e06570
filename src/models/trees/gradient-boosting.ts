// Gradient boosting on histograms (Friedman 2001): each tree corrects what the ones before it got wrong.

import { Fault } from '../../base/fault.ts'
import type { Rng } from '../../base/rng.ts'
import { node } from '../../onnx/build.ts'
import { type FlatTree, type TreeEnsemble, treeEnsembleRegressor } from '../../onnx/tree-ensemble.ts'
import { checkLearningSet } from '../learning-set.ts'
import type { BatchModel, FittedModel, Saved } from '../model.ts'
import { pointEvery } from '../watch.ts'
import { binRows } from './bins.ts'
import { meanLoss, setLeaves, setSlopes, unitWeights, validationJudge } from './boosting-round.ts'
import { valueTreeGrower } from './grow-values.ts'
import { type LossName, lossNamed } from './losses.ts'
import { loadTree, type SavedTree, saveTree } from './saved-tree.ts'
import { treeBuilder } from './tree-builder.ts'
import { sumTrees } from './walk.ts'

export type GradientBoostingOptions = {
  readonly loss?: LossName
  /** For `quantile`: the share of targets that should lie below. */
  readonly level?: number
  /** For `huber`: the error from which the loss is linear. */
  readonly delta?: number
  /** Most trees; fewer where a validation set stops it earlier. */
  readonly trees?: number
  /** Share of each tree's correction that is taken. */
  readonly rate?: number
  /** Splits on the longest path. */
  readonly depth?: number
  readonly leaves?: number
  readonly growth?: 'depth' | 'leaf'
  readonly l2?: number
  /** Rows that a leaf must have; 20 as in scikit-learn's and LightGBM's histogram trees. */
  readonly minLeafRows?: number
  /** Weight (for `logistic`: curvature) that a leaf must have; 1e-3 as in the same two. */
  readonly minLeafWeight?: number
  readonly minGain?: number
  /** Share of the columns that each tree may use. */
  readonly columnShare?: number
  /** Rounds without a lower validation loss after which it stops. */
  readonly patience?: number
}

const KIND = 'gradient_boosting'
const DEFAULTS: Required<GradientBoostingOptions> = {
  loss: 'squared',
  level: 0.5,
  delta: 1,
  trees: 100,
  rate: 0.1,
  depth: 6,
  leaves: Infinity,
  growth: 'depth',
  l2: 1,
  minLeafRows: 20,
  minLeafWeight: 1e-3,
  minGain: 0,
  columnShare: 1,
  patience: 15,
}

/**
 * Values in the unit of the target; for `logistic` (targets 0 or 1) the probability of 1. With a validation set the
 * trees after its lowest loss are dropped.
 *
 * @example
 * const boosted = gradientBoosting({ depth: 3 }).fit({ rows, count, width, targets }, { rng: seededRng(42) })
 * boosted.predict(rows, 1) // Float32Array [value]
 */
export function gradientBoosting(given: GradientBoostingOptions = {}): BatchModel {
  const options = { ...DEFAULTS, ...given }
  const loss = lossNamed(options.loss, options)
  return {
    kind: KIND,
    task: 'regression',
    fit(set, { rng, validation, watch }) {
      checkLearningSet(set, 'regression')
      if (validation !== undefined) checkLearningSet(validation, 'regression')
      const { rows, count, width, targets } = set
      const weights = unitWeights(set)
      const base = Math.fround(loss.base(targets, weights))
      const curved = set.weights !== undefined || loss.curvature !== undefined
      const grower = valueTreeGrower(binRows(rows, count, width), options, curved)
      grower.scores.fill(base)
      const judge = validation === undefined ? undefined : validationJudge(loss, validation, base, options.patience)
      const gains = new Float64Array(width)
      const trees: FlatTree[] = []
      const every = pointEvery(options.trees)
      const tell = (last: boolean): void => {
        const x = trees.length
        if (watch === undefined || (!last && x % every !== 0)) return
        watch({ curve: 'train', x, y: meanLoss(loss, grower.scores, targets, weights) })
        if (judge !== undefined) watch({ curve: 'validation', x, y: judge.loss() })
      }
      tell(false)
      while (trees.length < options.trees) {
        const columns = drawColumns(width, options.columnShare, rng, trees.length)
        setSlopes(grower, loss, targets, weights)
        const grown = grower.grow(columns, gains)
        setLeaves(grower, grown, loss, options, targets, weights)
        trees.push(grown.tree)
        const stopped = judge?.stops(grown.tree) === true
        tell(stopped || trees.length === options.trees)
        if (stopped) break
      }
      const kept = judge === undefined ? trees : trees.slice(0, judge.best())
      // An ensemble without a tree is no valid graph: a constant is one leaf of 0 and the base.
      const ensemble = { trees: kept.length > 0 ? kept : [treeBuilder(1).finish()], targets: 1, baseValues: [base] }
      const total = gains.reduce((sum, gain) => sum + gain, 0)
      const importance = gains.map(gain => (total > 0 ? gain / total : 0))
      return fittedBoosting(ensemble, base, width, importance, options.loss)
    },
    load(saved) {
      if (saved.kind !== KIND) throw new Fault('MODEL_STATE_INVALID', `a ${saved.kind} is not a ${KIND}`)
      const { width, base, importance, trees, loss } = saved as Saved & SavedBoosting
      const ensemble = { trees: trees.map(tree => loadTree(tree, 1, width)), targets: 1, baseValues: [base] }
      return fittedBoosting(ensemble, base, width, Float64Array.from(importance), loss)
    },
  }
}

/** The columns tree `t` may use, in rising order. */
function drawColumns(width: number, share: number, rng: Rng, t: number): Int32Array {
  const columns = Int32Array.from({ length: width }, (_, column) => column)
  const count = Math.max(1, Math.round(share * width))
  if (count >= width) return columns
  const own = rng.fork(`tree ${t}`)
  for (let at = 0; at < count; at++) {
    const pick = at + own.int(width - at)
    const column = columns[pick]!
    columns[pick] = columns[at]!
    columns[at] = column
  }
  return columns.slice(0, count).sort()
}

type SavedBoosting = {
  readonly width: number
  readonly base: number
  readonly importance: readonly number[]
  readonly trees: readonly SavedTree[]
  readonly loss: LossName
}

function fittedBoosting(
  ensemble: TreeEnsemble,
  base: number,
  width: number,
  importance: Float64Array,
  loss: LossName,
): FittedModel {
  const { trees } = ensemble
  return {
    kind: KIND,
    width,
    outputs: 1,
    predict(rows, count) {
      const scores = sumTrees(ensemble, rows, count, width)
      return loss === 'logistic' ? scores.map(score => 1 / (1 + Math.exp(-score))) : scores
    },
    importance: () => importance.slice(),
    save: () => ({ kind: KIND, loss, width, base, importance: Array.from(importance), trees: trees.map(saveTree) }),
    toGraph(input, prefix) {
      const sum = treeEnsembleRegressor(ensemble, input, `${prefix}sum`, `${prefix}trees`)
      if (loss !== 'logistic') return { nodes: [sum], initializers: [], output: `${prefix}sum`, outputs: 1 }
      const share = node('Sigmoid', [`${prefix}sum`], [`${prefix}share`])
      return { nodes: [sum, share], initializers: [], output: `${prefix}share`, outputs: 1 }
    },
  }
}
