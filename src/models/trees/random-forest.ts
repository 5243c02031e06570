// Random forest for classes (Breiman 2001): trees on bootstrap draws, a few columns tried per node, class shares averaged.

import { Fault } from '../../base/fault.ts'
import { type FlatTree, treeEnsembleRegressor } from '../../onnx/tree-ensemble.ts'
import { checkLearningSet } from '../learning-set.ts'
import type { BatchModel, FittedModel, LearningSet, Saved } from '../model.ts'
import { pointEvery } from '../watch.ts'
import { binRows } from './bins.ts'
import { classTreeGrower } from './grow-classes.ts'
import { outOfBag } from './out-of-bag.ts'
import { loadTree, type SavedTree, saveTree } from './saved-tree.ts'
import { sumTrees } from './walk.ts'

export type RandomForestOptions = {
  readonly trees?: number
  /** Splits on the longest path. */
  readonly depth?: number
  /** A node of fewer distinct rows stays a leaf. */
  readonly minSplit?: number
  /** Distinct rows that a leaf must have. */
  readonly minLeaf?: number
  /** Columns tried per node. */
  readonly features?: 'sqrt' | 'all' | number
  /** 'balanced': every class weighs the same, n / (classes * n of the class). */
  readonly classWeight?: 'balanced' | 'equal'
  /** Without it every tree sees each row once. */
  readonly bootstrap?: boolean
}

const KIND = 'random_forest'
/**
 * Probabilities of classes. Tree `t` depends on the rng's seed and on `t` alone.
 *
 * @example
 * const forest = randomForest({ trees: 10 }).fit({ rows, count, width, targets, classes: 3 }, { rng: seededRng(42) })
 * forest.predict(rows, 1) // Float32Array(3), sums to 1
 */
export function randomForest({
  trees = 100,
  depth = 10,
  minSplit = 5,
  minLeaf = 2,
  features = 'sqrt',
  classWeight = 'balanced',
  bootstrap = true,
}: RandomForestOptions = {}): BatchModel {
  return {
    kind: KIND,
    task: 'classification',
    fit(set, { rng, watch }) {
      const classes = checkLearningSet(set, 'classification')
      const { rows, count, width } = set
      const weights = rowWeights(set, classes, classWeight)
      const rowsOfClasses = {
        matrix: binRows(rows, count, width),
        classOf: Uint8Array.from(set.targets),
        classes,
        weights,
      }
      const columns = features === 'sqrt' ? Math.floor(Math.sqrt(width)) : features === 'all' ? width : features
      const options = { depth, minSplit, minLeaf, columns: Math.max(1, Math.min(width, columns)), bootstrap }
      const grower = classTreeGrower(rowsOfClasses, options)
      const gains = new Float64Array(width)
      const judge =
        watch === undefined || !bootstrap ? undefined : outOfBag(set, weights, { classes, scale: 1 / trees })
      const every = pointEvery(trees)
      const grown = Array.from({ length: trees }, (_, t) => {
        const tree = grower.grow(rng.fork(`tree ${t}`), 1 / trees, gains)
        judge?.add(tree, grower.drew)
        const x = t + 1
        if (judge !== undefined && (x % every === 0 || x === trees))
          watch?.({ curve: 'validation', x, y: judge.loss() })
        return tree
      })
      const total = gains.reduce((sum, gain) => sum + gain, 0)
      return fittedForest(
        grown,
        classes,
        width,
        gains.map(gain => (total > 0 ? gain / total : 0)),
      )
    },
    load(saved) {
      if (saved.kind !== KIND) throw new Fault('MODEL_STATE_INVALID', `a ${saved.kind} is not a ${KIND}`)
      const { classes, width, importance, trees } = saved as Saved & SavedForest
      return fittedForest(
        trees.map(tree => loadTree(tree, classes, width)),
        classes,
        width,
        Float64Array.from(importance),
      )
    },
  }
}

type SavedForest = {
  readonly classes: number
  readonly width: number
  readonly importance: readonly number[]
  readonly trees: readonly SavedTree[]
}

function fittedForest(
  trees: readonly FlatTree[],
  classes: number,
  width: number,
  importance: Float64Array,
): FittedModel {
  return {
    kind: KIND,
    width,
    outputs: classes,
    predict: (rows, count) => sumTrees({ trees, targets: classes }, rows, count, width),
    importance: () => importance.slice(),
    save: () => ({ kind: KIND, classes, width, importance: Array.from(importance), trees: trees.map(saveTree) }),
    toGraph: (input, prefix) => ({
      nodes: [treeEnsembleRegressor({ trees, targets: classes }, input, `${prefix}shares`, `${prefix}forest`)],
      initializers: [],
      output: `${prefix}shares`,
      outputs: classes,
    }),
  }
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
