// Random forest for values (Breiman 2001): trees on bootstrap draws, each leaf the mean of its rows, the means averaged. It grows on the
// histograms that boosting grows on, so that columns are drawn for each tree and not for each node.

import { type Crew, shared, turns } from '../crew.ts'
import { checkLearningSet } from '../learning-set.ts'
import type { BatchModel, LearningSet } from '../model.ts'
import { binRows } from './bins.ts'
import { unitWeights } from './boosting-round.ts'
import { fittedBoosting, loadBoosting } from './fitted-boosting.ts'
import { type GrownValue, type ValueForestTask, valueForestShare } from './value-forest-share.ts'

export type RegressionForestOptions = {
  readonly trees?: number
  /** Splits on the longest path. */
  readonly depth?: number
  /** Distinct rows that a leaf must have. */
  readonly minLeaf?: number
  /** Of the columns, for each tree; all as in scikit-learn. */
  readonly columnShare?: number
  /** Without it every tree sees each row once. */
  readonly bootstrap?: boolean
}

const KIND = 'random_forest_regressor'
const DEFAULTS: Required<RegressionForestOptions> = {
  trees: 100,
  depth: 10,
  minLeaf: 5,
  columnShare: 1,
  bootstrap: true,
}

/**
 * Values in the unit of the target.
 *
 * @example
 * const forest = regressionForest({ trees: 10 }).fit({ rows, count, width, targets }, { rng: seededRng(42) })
 * forest.predict(rows, 1) // Float32Array [value]
 */
export function regressionForest(given: RegressionForestOptions = {}): BatchModel {
  const { trees, depth, minLeaf, columnShare, bootstrap } = { ...DEFAULTS, ...given }
  return {
    kind: KIND,
    task: 'regression',
    fit(set, { rng, crew }) {
      checkLearningSet(set, 'regression')
      const { rows, count, width, targets } = set
      const weights = unitWeights(set)
      const base = weightedMean(targets, weights)
      const residuals = Float64Array.from(targets, target => target - base)
      const limits = { l2: 0, minLeafRows: minLeaf, minLeafWeight: 0, minGain: 0, monotone: [] }
      const task: ValueForestTask = {
        table: binRows(rows, count, width, { crew }),
        residuals: crew === undefined ? residuals : shared(residuals),
        weights: crew === undefined ? weights : shared(weights),
        options: { ...limits, depth, leaves: Infinity, growth: 'depth' },
        bootstrap,
        columnShare,
        leafScale: 1 / trees,
        seed: rng.fork('forest').int(2 ** 32),
        trees: turns(trees),
      }
      const grown = crew === undefined ? valueForestShare(task) : growTogether(task, crew)
      const gains = new Float64Array(width)
      for (const one of grown) for (let column = 0; column < width; column++) gains[column]! += one.gains[column]!
      const total = gains.reduce((sum, gain) => sum + gain, 0)
      return fittedBoosting({
        kind: KIND,
        loss: 'squared',
        width,
        importance: gains.map(gain => (total > 0 ? gain / total : 0)),
        ensemble: { trees: grown.map(({ tree }) => tree), targets: 1, baseValues: [base] },
      })
    },
    load: saved => loadBoosting(KIND, saved),
  }
}

/** In float32, as it will be exported. Weights have a mean of 1. */
function weightedMean(targets: LearningSet['targets'], weights: Float64Array): number {
  const sum = weights.reduce((total, weight, row) => total + weight * targets[row]!, 0)
  return Math.fround(sum / targets.length)
}

/** In the order of their numbers, whoever grew them. */
function growTogether(task: ValueForestTask, crew: Crew): GrownValue[] {
  const finish = crew.start('values', task)
  const own = valueForestShare(task)
  return [...own, ...(finish() as GrownValue[][]).flat()].sort((a, b) => a.number - b.number)
}
