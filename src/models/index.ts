// The catalogue of models that fit whole tables: one line per kind.

import type { BatchModel } from './model.ts'
import { extraTrees } from './trees/extra-trees.ts'
import { gradientBoosting } from './trees/gradient-boosting.ts'
import { randomForest } from './trees/random-forest.ts'

/** Each kind with its defaults; options are given to the factories themselves. */
export const batchModels: Readonly<Record<string, () => BatchModel>> = {
  extra_trees: extraTrees,
  gradient_boosting: gradientBoosting,
  random_forest: randomForest,
}
