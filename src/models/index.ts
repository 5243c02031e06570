// The catalogue of models, one line per kind: those that fit whole tables, those that go from bar to bar, and bandits.

import { linUcb } from './bandits/lin-ucb.ts'
import { neuralUcb } from './bandits/neural-ucb.ts'
import type { BatchModel } from './model.ts'
import { loadLstmDirection } from './neural/fitted-lstm-direction.ts'
import { fitLstmDirection } from './neural/lstm-direction.ts'
import { loadHmm } from './regime/fitted-hmm.ts'
import { fitHmm } from './regime/hmm.ts'
import { extraTrees } from './trees/extra-trees.ts'
import { gradientBoosting } from './trees/gradient-boosting.ts'
import { randomForest } from './trees/random-forest.ts'
import { regressionForest } from './trees/regression-forest.ts'

/** Each kind with its defaults; options are given to the factories themselves. */
export const batchModels: Readonly<Record<string, () => BatchModel>> = {
  extra_trees: extraTrees,
  gradient_boosting: gradientBoosting,
  random_forest: randomForest,
  random_forest_regressor: regressionForest,
}

/** Models with one step a bar (`Stepwise`): how each is fitted, and read again from what it saved. */
export const stepwiseModels = {
  hidden_markov_model: { fit: fitHmm, load: loadHmm },
  lstm_direction: { fit: fitLstmDirection, load: loadLstmDirection },
} as const

/** Each kind makes a `Bandit` of its arms. */
export const bandits = { linucb: linUcb, neural_ucb: neuralUcb } as const
