// Gradient boosting on histograms (Friedman 2001): each tree corrects what the ones before it got wrong.

import { Fault } from '../../base/fault.ts'
import type { FlatTree } from '../../onnx/tree-ensemble.ts'
import { checkLearningSet } from '../learning-set.ts'
import type { BatchModel, LearningSet } from '../model.ts'
import { pointEvery } from '../watch.ts'
import { binRows } from './bins.ts'
import { setLeaves, startScores, treeOfOutput, unitWeights, validationJudge } from './boosting-round.ts'
import { drawShare } from './draw-share.ts'
import { fittedBoosting, loadBoosting } from './fitted-boosting.ts'
import { valueTreeGrower } from './grow-values.ts'
import { type LossName, lossNamed } from './losses.ts'
import { type Objective, scalarObjective, softmaxObjective } from './objective.ts'
import { treeBuilder } from './tree-builder.ts'

export type GradientBoostingOptions = {
  /** `softmax`: probabilities of classes, a tree per class and round. */
  readonly loss?: LossName
  /** For `quantile`: the share of targets that should lie below. */
  readonly level?: number
  /** For `huber`: the error from which the loss is linear. */
  readonly delta?: number
  /** Most rounds, of one tree each (`softmax`: one per class); fewer where a validation set stops it earlier. */
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
  /** Weight (for `logistic` and `softmax`: curvature) that a leaf must have; 1e-3 as in the same two. */
  readonly minLeafWeight?: number
  readonly minGain?: number
  /** Share of the columns that each tree may use. */
  readonly columnShare?: number
  /** Share of the rows that each round learns from, drawn without replacement (Friedman 2002). */
  readonly rowShare?: number
  /** Per column 1 where the score may only rise with it, -1 where it may only fall, 0 where it is free. */
  readonly monotone?: readonly (-1 | 0 | 1)[]
  /** Rounds without a lower validation loss after which it stops. */
  readonly patience?: number
  /** Where splits are looked for: between at most 255 bins per column, or between all values, for at most 20,000 rows. */
  readonly splits?: 'histogram' | 'exact'
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
  rowShare: 1,
  monotone: [],
  patience: 15,
  splits: 'histogram',
}

/**
 * Values in the unit of the target; for `logistic` (targets 0 or 1) the probability of 1, for `softmax` (targets are classes) that of
 * each class. With a validation set the rounds after its lowest loss are dropped. Faults beside those of the contract: `TOO_MANY_ROWS`.
 *
 * @example
 * const boosted = gradientBoosting({ depth: 3 }).fit({ rows, count, width, targets }, { rng: seededRng(42) })
 * boosted.predict(rows, 1) // Float32Array [value]
 */
export function gradientBoosting(given: GradientBoostingOptions = {}): BatchModel {
  const options = { ...DEFAULTS, ...given }
  const task = options.loss === 'softmax' ? 'classification' : 'regression'
  return {
    kind: KIND,
    task,
    fit(set, { rng, validation, watch, crew }) {
      const classes = checkLearningSet(set, task)
      if (validation !== undefined) checkLearningSet({ ...validation, classes }, task)
      const { rows, count, width, targets } = set
      const weights = unitWeights(set)
      const objective = objectiveOf(set, weights, classes, options)
      const { outputs, curved } = objective
      const table = options.splits === 'exact' ? fewRows(set) : binRows(rows, count, width, { crew })
      const grower = valueTreeGrower(table, options, { curved, outputs })
      const { scores, gradients, curvatures } = grower
      startScores(objective, scores)
      const judge = validation === undefined ? undefined : validationJudge(objective, validation, options.patience)
      const gains = new Float64Array(width)
      const rounds: (readonly FlatTree[])[] = []
      const all = Int32Array.from({ length: width }, (_, column) => column)
      const every = pointEvery(options.trees)
      const tell = (last: boolean): void => {
        const x = rounds.length
        if (watch === undefined || (!last && x % every !== 0)) return
        watch({ curve: 'train', x, y: objective.loss(scores, targets, weights) })
        if (judge !== undefined) watch({ curve: 'validation', x, y: judge.loss() })
      }
      tell(false)
      while (rounds.length < options.trees) {
        const own = rng.fork(`tree ${rounds.length}`)
        const among = drawShare(width, options.columnShare, own)
        const columns = all.filter(column => among === undefined || among[column] === 1)
        const sample = drawShare(count, options.rowShare, own)
        const round = Array.from({ length: outputs }, (_, output) => {
          objective.slopes(scores, output, gradients, curvatures)
          const grown = grower.grow(columns, gains, sample)
          setLeaves(grower, grown, objective, options, output)
          return treeOfOutput(grown.tree, output, outputs)
        })
        rounds.push(round)
        const stopped = judge?.stops(round) === true
        tell(stopped || rounds.length === options.trees)
        if (stopped) break
      }
      const kept = (judge === undefined ? rounds : rounds.slice(0, judge.best())).flat()
      // An ensemble without a tree is no valid graph: a constant is one leaf of 0 and the base.
      const trees = kept.length > 0 ? kept : [treeBuilder(outputs).finish()]
      const total = gains.reduce((sum, gain) => sum + gain, 0)
      return fittedBoosting({
        kind: KIND,
        loss: options.loss,
        width,
        importance: gains.map(gain => (total > 0 ? gain / total : 0)),
        ensemble: { trees, targets: outputs, baseValues: objective.bases },
      })
    },
    load: saved => loadBoosting(KIND, saved),
  }
}

/** Trying every split takes time with the rows times the columns at every node. */
const MOST_EXACT_ROWS = 20_000

function fewRows(set: LearningSet): LearningSet {
  if (set.count <= MOST_EXACT_ROWS) return set
  throw new Fault('TOO_MANY_ROWS', `exact splits are for at most ${MOST_EXACT_ROWS} rows, these are ${set.count}`, {
    fix: "use splits: 'histogram', or fewer rows",
  })
}

function objectiveOf(
  { targets, weights: given }: LearningSet,
  weights: Float64Array,
  classes: number,
  options: Required<GradientBoostingOptions>,
): Objective {
  const { loss } = options
  if (loss === 'softmax') return softmaxObjective(classes, targets, weights)
  return scalarObjective(lossNamed(loss, options), targets, weights, given !== undefined)
}
