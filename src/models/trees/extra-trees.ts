// Extremely randomised trees for classes (Geurts, Ernst and Wehenkel 2006): every tree sees all rows, and each column tried is cut once,
// at a place drawn evenly between the smallest and the largest value of the node.

import { classForest, type ForestModel, type ForestOptions } from './forest.ts'

export type ExtraTreesOptions = Partial<Omit<ForestOptions, 'splits'>>

const DEFAULTS: Required<ExtraTreesOptions> = {
  trees: 100,
  depth: 10,
  minSplit: 5,
  minLeaf: 2,
  features: 'sqrt',
  classWeight: 'balanced',
  bootstrap: false,
  outOfBag: false,
}

/**
 * Probabilities of classes.
 *
 * @example
 * const trees = extraTrees({ trees: 10 }).fit({ rows, count, width, targets, classes: 3 }, { rng: seededRng(42) })
 * trees.predict(rows, 1) // Float32Array(3), sums to 1
 */
export const extraTrees = (options: ExtraTreesOptions = {}): ForestModel =>
  classForest('extra_trees', { ...DEFAULTS, ...options, splits: 'random' })
