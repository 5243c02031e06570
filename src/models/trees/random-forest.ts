// Random forest for classes (Breiman 2001): trees on bootstrap draws, the best split of a few columns per node, class shares averaged.

import { classForest, type ForestModel, type ForestOptions } from './forest.ts'

export type RandomForestOptions = Partial<Omit<ForestOptions, 'splits'>>

const DEFAULTS: Required<RandomForestOptions> = {
  trees: 100,
  depth: 10,
  minSplit: 5,
  minLeaf: 2,
  features: 'sqrt',
  classWeight: 'balanced',
  bootstrap: true,
  outOfBag: false,
}

/**
 * Probabilities of classes.
 *
 * @example
 * const forest = randomForest({ trees: 10 }).fit({ rows, count, width, targets, classes: 3 }, { rng: seededRng(42) })
 * forest.predict(rows, 1) // Float32Array(3), sums to 1
 */
export const randomForest = (options: RandomForestOptions = {}): ForestModel =>
  classForest('random_forest', { ...DEFAULTS, ...options, splits: 'best' })
