import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import type { FlatTree } from '../../onnx/tree-ensemble.ts'
import type { FittedModel, LearningSet } from '../model.ts'
import { type ExactNode, exactTree } from './fixtures/exact-trees.ts'
import { gradientBoosting } from './gradient-boosting.ts'
import { randomForest } from './random-forest.ts'
import { loadTree, type SavedTree } from './saved-tree.ts'
import { leafOf } from './walk.ts'

const COUNT = 1500
const WIDTH = 4

/** Columns of few distinct values, so that every value has a bin of its own. */
function fewValues(): LearningSet {
  const rng = seededRng('few values')
  const rows = Float32Array.from({ length: COUNT * WIDTH }, () => Math.floor(200 * rng.next()) / 7)
  const targets = Float32Array.from({ length: COUNT }, (_, row) => {
    const x = rows.subarray(row * WIDTH, (row + 1) * WIDTH)
    return Math.sin(x[0]! / 4) + (x[1]! > 14 ? x[2]! / 20 : -0.5) + 0.5 * rng.normal()
  })
  return { rows, count: COUNT, width: WIDTH, targets }
}

const treesOf = (fitted: FittedModel): FlatTree[] =>
  (fitted.save()['trees'] as readonly SavedTree[]).map(saved => loadTree(saved, fitted.outputs, WIDTH))

/** Asserts that two trees ask the same questions and gives every leaf's number with its rows. */
function sameTree(tree: FlatTree, exact: ExactNode, node = 0): { node: number; rows: readonly number[] }[] {
  if ('rows' in exact) {
    assert.equal(tree.feature[node], -1)
    return [{ node, rows: exact.rows }]
  }
  assert.equal(tree.feature[node], exact.column)
  assert.equal(tree.threshold[node], exact.threshold)
  return [...sameTree(tree, exact.left, tree.left[node]), ...sameTree(tree, exact.right, tree.right[node])]
}

for (const weighted of [false, true]) {
  test(`boosted histogram trees are the exact ones${weighted ? ', weighted too' : ''}`, () => {
    const plain = fewValues()
    const weights = Float64Array.from({ length: COUNT }, (_, row) => (weighted ? 0.5 + (row % 5) : 1))
    const set = weighted ? { ...plain, weights } : plain
    const own = weights.map(weight => (weight * COUNT) / weights.reduce((sum, each) => sum + each, 0))
    const fitted = gradientBoosting({ trees: 4, depth: 5, minLeafRows: 8, minLeafWeight: 0 }).fit(set, {
      rng: seededRng(1),
    })
    const weightedSum = own.reduce((sum, weight, row) => sum + weight * set.targets[row]!, 0)
    const scores = new Float64Array(COUNT).fill(Math.fround(weightedSum / COUNT))
    for (const tree of treesOf(fitted)) {
      const sums = (rows: readonly number[]) => {
        let [gradient, curvature] = [0, 0]
        for (const row of rows) {
          gradient += own[row]! * (scores[row]! - set.targets[row]!)
          curvature += own[row]!
        }
        return { gradient, curvature }
      }
      const score = (rows: readonly number[]) => {
        const { gradient, curvature } = sums(rows)
        return gradient ** 2 / (curvature + 1)
      }
      const exact = exactTree({ ...set, depth: 5, minSplit: 16, minLeaf: 8, score })
      const leaves = sameTree(tree, exact).map(leaf => ({ ...leaf, ...sums(leaf.rows) }))
      assert.ok(leaves.length > 8)
      for (const { node, rows, gradient, curvature } of leaves) {
        const value = (-0.1 * gradient) / (curvature + 1)
        assert.ok(Math.abs(tree.value[node]! - value) < 1e-6)
        for (const row of rows) scores[row]! += tree.value[node]!
      }
    }
  })
}

test('a classification tree from histograms is the exact one', () => {
  const plain = fewValues()
  const set = { ...plain, targets: plain.targets.map(target => (target > 0.3 ? 1 : 0)), classes: 2 }
  const options = { trees: 1, depth: 6, minSplit: 10, minLeaf: 5, features: 'all', bootstrap: false } as const
  const [tree] = treesOf(randomForest({ ...options, classWeight: 'equal' }).fit(set, { rng: seededRng(1) }))
  const ones = (rows: readonly number[]) => rows.reduce((sum, row) => sum + set.targets[row]!, 0)
  const score = (rows: readonly number[]) => (ones(rows) ** 2 + (rows.length - ones(rows)) ** 2) / rows.length
  const leaves = sameTree(tree!, exactTree({ ...set, depth: 6, minSplit: 10, minLeaf: 5, score }))
  for (const { node, rows } of leaves) {
    assert.ok(Math.abs(tree!.value[node * 2 + 1]! - ones(rows) / rows.length) < 1e-6)
  }
})

test('every training row ends in the leaf that it was counted in', () => {
  const set = fewValues()
  const [tree] = treesOf(gradientBoosting({ trees: 1, rate: 1, l2: 0 }).fit(set, { rng: seededRng(1) }))
  const sums = new Map<number, { total: number; rows: number }>()
  for (let row = 0; row < COUNT; row++) {
    const leaf = leafOf(tree!, set.rows, row * WIDTH)
    const { total, rows } = sums.get(leaf) ?? { total: 0, rows: 0 }
    sums.set(leaf, { total: total + set.targets[row]!, rows: rows + 1 })
  }
  const base = Math.fround(Array.from(set.targets).reduce((sum, target) => sum + target, 0) / COUNT)
  for (const [leaf, { total, rows }] of sums) {
    assert.ok(Math.abs(tree!.value[leaf]! - (total / rows - base)) < 1e-6)
  }
})
