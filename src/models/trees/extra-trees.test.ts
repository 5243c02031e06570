import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { checkBatchModel } from '../model.checks.ts'
import type { FittedModel } from '../model.ts'
import { extraTrees } from './extra-trees.ts'
import peer from './fixtures/peer.json' with { type: 'json' }
import { classificationData } from './fixtures/peer-data.ts'
import { cutBetween } from './random-splits.ts'
import { loadTree, type SavedTree } from './saved-tree.ts'

checkBatchModel('extra_trees', () => extraTrees({ trees: 12 }))

const treesOf = (fitted: FittedModel) =>
  (fitted.save()['trees'] as readonly SavedTree[]).map(saved => loadTree(saved, fitted.outputs, fitted.width))

test('accuracy on held-out rows is that of scikit-learn 1.2', () => {
  const { train, test: held } = classificationData()
  const shares = extraTrees()
    .fit(train, { rng: seededRng(42) })
    .predict(held.rows, held.count)
  let right = 0
  for (let row = 0; row < held.count; row++) {
    const own = shares.subarray(row * 4, row * 4 + 4)
    if (own.indexOf(Math.max(...own)) === held.targets[row]) right++
  }
  const accuracy = right / held.count
  const error = Math.sqrt((accuracy * (1 - accuracy)) / held.count)
  assert.ok(Math.abs(accuracy - peer.extra.accuracy) < 2 * error, `${accuracy} against ${peer.extra.accuracy}`)
})

test('a cut lies evenly between the smallest and the largest value, however the rows between them are spread', () => {
  // Nearly all rows are near 0, so quantiles would cut there; the classes alternate, so that any cut gains.
  const count = 200
  const rows = Float32Array.from({ length: count }, (_, row) => (row === 0 ? -2 : row === 1 ? 6 : row / 1e4))
  const targets = Float32Array.from(rows, value => (value < 0 ? 0 : value > 1 ? 1 : 2))
  const set = { rows, count, width: 1, targets, classes: 3 }
  const fitted = extraTrees({ trees: 2000, depth: 1, minSplit: 2, minLeaf: 1 }).fit(set, { rng: seededRng(7) })
  const cuts = treesOf(fitted)
    .map(tree => tree.threshold[0]!)
    .sort((a, b) => a - b)
  // Kolmogorov-Smirnov: 1.63 / sqrt(n) is passed by chance in 1 of 100 seeds.
  const away = cuts.map((cut, at) => Math.abs((cut + 2) / 8 - (at + 0.5) / cuts.length))
  assert.ok(Math.max(...away) < 1.63 / Math.sqrt(cuts.length))
})

test('a cut is never at the largest value, so both sides have rows', () => {
  assert.equal(cutBetween(1, 2, 0), 1)
  assert.equal(cutBetween(1, 2, 1 - 2 ** -32), 1)
  assert.equal(cutBetween(1, 2, 0.25), 1.25)
  assert.equal(cutBetween(0, 2 ** -149, 0.9), 0)
  assert.ok(Number.isFinite(cutBetween(-Infinity, Infinity, 0.5)))
})

test('of the columns tried the one whose cut separates best is taken', () => {
  const count = 64
  const rows = new Float32Array(2 * count)
  for (let row = 0; row < count; row++) rows.set([row % 2, (row * 29) % 64], 2 * row)
  const targets = Float32Array.from({ length: count }, (_, row) => row % 2)
  const set = { rows, count, width: 2, targets, classes: 2 }
  const fitted = extraTrees({ trees: 50, depth: 1, features: 'all' }).fit(set, { rng: seededRng(3) })
  assert.ok(treesOf(fitted).every(tree => tree.feature[0] === 0))
})

test('missing values go where they gain more', () => {
  const count = 60
  const rows = Float32Array.from({ length: count }, (_, row) => (row % 3 === 0 ? Number.NaN : row % 3))
  const targets = Float32Array.from(rows, value => (value === 1 ? 0 : 1))
  const fitted = extraTrees({ trees: 5, depth: 1 }).fit(
    { rows, count, width: 1, targets, classes: 2 },
    { rng: seededRng(1) },
  )
  const shares = fitted.predict(Float32Array.of(Number.NaN, 1, 2), 3)
  assert.deepEqual(
    [shares[1], shares[3], shares[5]].map(share => Math.round(share! * 1e6) / 1e6),
    [1, 0, 1],
  )
})
