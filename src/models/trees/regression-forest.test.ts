import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { checkBatchModel } from '../model.checks.ts'
import peer from './fixtures/forest-regressor.json' with { type: 'json' }
import { regressionData } from './fixtures/peer-data.ts'
import { regressionForest } from './regression-forest.ts'

checkBatchModel('random_forest_regressor', () => regressionForest({ trees: 12 }))

const single = { trees: 1, bootstrap: false, minLeaf: 2 } as const

test('R2 on held-out rows is that of scikit-learn 1.2 within 0.005, and single predictions are close to its own', () => {
  const { train, test: held } = regressionData()
  const { trees, depth, minLeaf } = peer
  const said = regressionForest({ trees, depth, minLeaf })
    .fit(train, { rng: seededRng(42) })
    .predict(held.rows, held.count)
  const mean = Float64Array.from(held.targets).reduce((sum, target) => sum + target, 0) / held.count
  let [missed, spread] = [0, 0]
  for (const [row, target] of held.targets.entries()) {
    missed += (target - said[row]!) ** 2
    spread += (target - mean) ** 2
  }
  const r2 = 1 - missed / spread
  assert.ok(Math.abs(r2 - peer.r2) < 0.005, `${r2} against ${peer.r2}`)
  const apart = peer.first.map((value, row) => (said[row]! - value) ** 2)
  const rms = Math.sqrt(apart.reduce((sum, each) => sum + each, 0) / apart.length)
  assert.ok(rms < 2 * peer.seedRms, `${rms} apart, where two seeds of the other are ${peer.seedRms}`)
})

test('a tree without bootstrap is the one worked out by hand', () => {
  // Means 1, 1, 5, 7: the best cut is between 2 and 3, where the squares fall most; each side is a leaf of two rows.
  const set = { rows: Float32Array.of(1, 2, 3, 4), count: 4, width: 1, targets: Float32Array.of(1, 1, 5, 7) }
  const tree = regressionForest(single).fit(set, { rng: seededRng(1) })
  assert.deepEqual(tree.predict(Float32Array.of(0, 2.4, 2.6, 9), 4), Float32Array.of(1, 1, 6, 6))
})

test('a row of weight 0 has no influence, a weight of 2 counts twice', () => {
  const rows = Float32Array.of(1, 1, 1, 1)
  const set = { rows, count: 4, width: 1, targets: Float32Array.of(9, 0, 3, 3), weights: Float64Array.of(0, 1, 1, 1) }
  const fit = (weights: Float64Array) =>
    regressionForest(single)
      .fit({ ...set, weights }, { rng: seededRng(1) })
      .predict(rows, 1)[0]!
  assert.ok(Math.abs(fit(set.weights) - 2) < 1e-6)
  assert.ok(Math.abs(fit(Float64Array.of(0, 2, 1, 1)) - 1.5) < 1e-6)
})

test('another seed draws another forest, and columns may be drawn for each tree', () => {
  const { train } = regressionData()
  const saved = (seed: number, columnShare = 1) =>
    regressionForest({ trees: 2, columnShare })
      .fit(train, { rng: seededRng(seed) })
      .save()
  assert.notDeepEqual(saved(1), saved(2))
  assert.notDeepEqual(saved(1), saved(1, 0.5))
})
