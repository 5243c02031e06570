// A forest for classes, whatever its trees split by: class shares averaged over trees that differ by chance.

import { Fault } from '../../base/fault.ts'
import { type FlatTree, treeEnsembleRegressor } from '../../onnx/tree-ensemble.ts'
import { type Crew, shared, turns } from '../crew.ts'
import { checkLearningSet } from '../learning-set.ts'
import type { BatchModel, FitContext, FittedModel, LearningSet, Saved } from '../model.ts'
import { pointEvery } from '../watch.ts'
import { binRows } from './bins.ts'
import { type ForestTask, forestShare, type GrownTree } from './forest-share.ts'
import { outOfBag } from './out-of-bag.ts'
import type { ValueColumns } from './random-splits.ts'
import { loadTree, type SavedTree, saveTree } from './saved-tree.ts'
import { sumTrees } from './walk.ts'

export type ForestOptions = {
  readonly trees: number
  /** Splits on the longest path. */
  readonly depth: number
  /** A node of fewer distinct rows stays a leaf. */
  readonly minSplit: number
  /** Distinct rows that a leaf must have. */
  readonly minLeaf: number
  /** Columns tried per node. */
  readonly features: 'sqrt' | 'all' | number
  /** 'balanced': every class weighs the same, n / (classes * n of the class). */
  readonly classWeight: 'balanced' | 'equal'
  /** Without it every tree sees each row once. */
  readonly bootstrap: boolean
  /** The best split of each column tried, or one cut of it drawn at random. */
  readonly splits: 'best' | 'random'
  /** Judges every row by the trees that did not draw it. Takes time with the trees and the rows; needs `bootstrap`. */
  readonly outOfBag: boolean
}

export type OutOfBagScore = {
  /** Brier score, 0 to 2. */
  readonly loss: number
  readonly accuracy: number
}

export interface FittedForest extends FittedModel {
  /** Where it was asked for. Rows weigh as they did in the fit. */
  readonly outOfBag: OutOfBagScore | undefined
}

export interface ForestModel extends BatchModel {
  fit(set: LearningSet, context: FitContext): FittedForest
  load(saved: Saved): FittedForest
}

/** Tree `t` depends on the rng's seed and on `t` alone. */
export function classForest(kind: string, options: ForestOptions): ForestModel {
  const { trees, depth, minSplit, minLeaf, features, classWeight, bootstrap, splits } = options
  return {
    kind,
    task: 'classification',
    fit(set, { rng, watch, crew }) {
      const classes = checkLearningSet(set, 'classification')
      const { rows, count, width } = set
      const weights = rowWeights(set, classes, classWeight)
      const tried = features === 'sqrt' ? Math.floor(Math.sqrt(width)) : features === 'all' ? width : features
      const judged = bootstrap && (options.outOfBag || watch !== undefined)
      const scope = { classes, scale: 1 / trees, ...(options.outOfBag ? { mostRows: count } : {}) }
      const judge = judged ? outOfBag(set, weights, scope) : undefined
      const classOf = Uint8Array.from(set.targets)
      const task: ForestTask = {
        rows: {
          table: splits === 'best' ? binRows(rows, count, width, { crew }) : columnsOf(set, crew !== undefined),
          classOf: crew === undefined ? classOf : shared(classOf),
          classes,
          weights: crew === undefined ? weights : shared(weights),
        },
        options: { depth, minSplit, minLeaf, columns: Math.max(1, Math.min(width, tried)), bootstrap },
        seed: rng.fork('forest').int(2 ** 32),
        leafScale: 1 / trees,
        trees: turns(trees),
        judged: judge?.rows ?? new Int32Array(0),
      }
      const gains = new Float64Array(width)
      const every = pointEvery(trees)
      const settle = ({ number, tree, gains: own, drew }: GrownTree): void => {
        for (let column = 0; column < width; column++) gains[column]! += own[column]!
        if (judge === undefined) return
        judge.add(tree, drew)
        const x = number + 1
        if (x % every === 0 || x === trees) watch?.({ curve: 'validation', x, y: judge.loss() })
      }
      const grown = crew === undefined ? forestShare(task, settle) : growTogether(task, crew)
      if (crew !== undefined) grown.forEach(settle)
      const total = gains.reduce((sum, gain) => sum + gain, 0)
      return fittedForest(kind, {
        trees: grown.map(({ tree }) => tree),
        classes,
        width,
        importance: gains.map(gain => (total > 0 ? gain / total : 0)),
        outOfBag:
          judge !== undefined && options.outOfBag ? { loss: judge.loss(), accuracy: judge.accuracy() } : undefined,
      })
    },
    load(saved) {
      if (saved.kind !== kind) throw new Fault('MODEL_STATE_INVALID', `a ${saved.kind} is not a ${kind}`)
      const { classes, width, importance, trees, outOfBag } = saved as Saved & SavedForest
      return fittedForest(kind, {
        trees: trees.map(tree => loadTree(tree, classes, width)),
        classes,
        width,
        importance: Float64Array.from(importance),
        outOfBag,
      })
    },
  }
}

/** In the order of their numbers, whoever grew them. */
function growTogether(task: ForestTask, crew: Crew): GrownTree[] {
  const finish = crew.start('forest', task)
  const own = forestShare(task)
  return [...own, ...(finish() as GrownTree[][]).flat()].sort((a, b) => a.number - b.number)
}

type SavedForest = {
  readonly classes: number
  readonly width: number
  readonly importance: readonly number[]
  readonly trees: readonly SavedTree[]
  readonly outOfBag?: OutOfBagScore
}

type Forest = {
  readonly trees: readonly FlatTree[]
  readonly classes: number
  readonly width: number
  readonly importance: Float64Array
  readonly outOfBag: OutOfBagScore | undefined
}

function fittedForest(kind: string, { trees, classes, width, importance, outOfBag }: Forest): FittedForest {
  return {
    kind,
    width,
    outputs: classes,
    predict: (rows, count) => sumTrees({ trees, targets: classes }, rows, count, width),
    importance: () => importance.slice(),
    outOfBag,
    save: () => ({
      kind,
      classes,
      width,
      importance: Array.from(importance),
      trees: trees.map(saveTree),
      ...(outOfBag === undefined ? {} : { outOfBag }),
    }),
    toGraph: (input, prefix) => ({
      nodes: [treeEnsembleRegressor({ trees, targets: classes }, input, `${prefix}shares`, `${prefix}forest`)],
      initializers: [],
      output: `${prefix}shares`,
      outputs: classes,
    }),
  }
}

/** Row-major to column-major. */
function columnsOf({ rows, count, width }: LearningSet, forThreads: boolean): ValueColumns {
  const values = new Float32Array(count * width)
  for (let column = 0, at = 0; column < width; column++) {
    for (let row = column; row < rows.length; row += width) values[at++] = rows[row]!
  }
  return { values: forThreads ? shared(values) : values, count, width }
}

/** Sample weight times class weight of each row. */
function rowWeights(
  { count, targets, weights }: LearningSet,
  classes: number,
  classWeight: 'balanced' | 'equal',
): Float64Array {
  const sizes = new Float64Array(classes)
  for (const target of targets) sizes[target]! += 1
  return Float64Array.from({ length: count }, (_, row) => {
    const balance = classWeight === 'balanced' ? 1 / sizes[targets[row]!]! : 1
    return (weights?.[row] ?? 1) * balance
  })
}
