import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { brier } from '../../math/classification.ts'
import { checkBatchModel } from '../model.checks.ts'
import type { FitPoint } from '../watch.ts'
import peer from './fixtures/peer.json' with { type: 'json' }
import { classificationData } from './fixtures/peer-data.ts'
import { randomForest } from './random-forest.ts'

checkBatchModel('random_forest', () => randomForest({ trees: 12 }))

test('accuracy on held-out rows is not below scikit-learn 1.2 by more than a standard error', () => {
  const { train, test: held } = classificationData()
  const forest = randomForest({ trees: 100, depth: 10 }).fit(train, { rng: seededRng(42) })
  const shares = forest.predict(held.rows, held.count)
  let right = 0
  for (let row = 0; row < held.count; row++) {
    const own = shares.subarray(row * 4, row * 4 + 4)
    if (own.indexOf(Math.max(...own)) === held.targets[row]) right++
  }
  const accuracy = right / held.count
  const error = Math.sqrt((accuracy * (1 - accuracy)) / held.count)
  assert.ok(accuracy >= peer.forest.accuracy - error, `${accuracy} against ${peer.forest.accuracy}`)
})

test('a tree without bootstrap is the one worked out by hand', () => {
  // Gini: rows 1-3 are class 0, 4-6 class 1 but for row 5 of class 0. The best cut is between 3 and 4: children 3/0 and 1/2.
  // Within 4-6 a leaf must have 2 rows, so no further cut is possible.
  const rows = Float32Array.of(1, 2, 3, 4, 5, 6)
  const set = { rows, count: 6, width: 1, targets: Float32Array.of(0, 0, 0, 1, 0, 1), classes: 2 }
  const options = { trees: 1, minSplit: 2, minLeaf: 2, bootstrap: false, classWeight: 'equal' } as const
  const tree = randomForest(options).fit(set, { rng: seededRng(1) })
  assert.deepEqual(tree.predict(Float32Array.of(3.5, 3.6), 2), Float32Array.of(1, 0, 1 / 3, 2 / 3))
})

test('balanced classes weigh the same however many rows they have', () => {
  const count = 1000
  const rows = new Float32Array(count)
  const targets = Float32Array.from({ length: count }, (_, row) => (row % 10 === 0 ? 1 : 0))
  const set = { rows, count, width: 1, targets, classes: 2 }
  const shares = (classWeight: 'balanced' | 'equal') =>
    randomForest({ trees: 1, bootstrap: false, classWeight })
      .fit(set, { rng: seededRng(1) })
      .predict(rows, 1)
  assert.deepEqual(shares('balanced'), Float32Array.of(0.5, 0.5))
  assert.deepEqual(shares('equal'), Float32Array.of(0.9, 0.1))
})

test('a row of weight 0 has no influence, a weight of 2 counts twice', () => {
  const rows = Float32Array.of(1, 1, 1, 1)
  const set = { rows, count: 4, width: 1, targets: Float32Array.of(0, 0, 1, 1), classes: 2 }
  const options = { trees: 1, bootstrap: false, classWeight: 'equal' } as const
  const weighted = randomForest(options).fit({ ...set, weights: Float64Array.of(1, 0, 1, 2) }, { rng: seededRng(1) })
  assert.deepEqual(weighted.predict(rows, 1), Float32Array.of(0.25, 0.75))
})

test('another seed draws another forest', () => {
  const { train } = classificationData()
  const saved = (seed: number) =>
    randomForest({ trees: 2 })
      .fit(train, { rng: seededRng(seed) })
      .save()
  assert.notDeepEqual(saved(1), saved(2))
})

for (const classes of [1, 2, 7, 255]) {
  test(`${classes} classes are told apart when each has a place of its own`, () => {
    const count = classes * 8
    const rows = Float32Array.from({ length: count }, (_, row) => row % classes)
    const set = { rows, count, width: 1, targets: rows, classes }
    // Gini sees every cut between equal classes alike and takes the first, so the tree is a chain.
    const fitted = randomForest({ trees: 3, depth: classes, bootstrap: false }).fit(set, { rng: seededRng(1) })
    const shares = fitted.predict(rows, classes)
    for (let k = 0; k < classes; k++) assert.ok(Math.abs(shares[k * classes + k]! - 1) < 1e-6, `class ${k}`)
  })
}

test('the out-of-bag loss falls with the trees, ends at the last, and is that of rows the forest has not seen', () => {
  const { train, test: held } = classificationData()
  const told: FitPoint[] = []
  const watch = (point: FitPoint): void => void told.push(point)
  const forest = randomForest({ trees: 60, classWeight: 'equal' }).fit(train, { rng: seededRng(42), watch })
  assert.ok(told.every(({ curve }) => curve === 'validation'))
  assert.equal(told.at(-1)!.x, 60)
  assert.ok(told.at(-1)!.y < told[9]!.y && told[9]!.y < told[0]!.y)
  const shares = forest.predict(held.rows, held.count)
  const loss = brier({ probabilities: shares, labels: held.targets, classes: 4 })
  assert.ok(Math.abs(told.at(-1)!.y - loss) < 0.04, `${told.at(-1)!.y} out of bag, ${loss} on new rows`)
})

test('the out-of-bag score is close to that on new rows, and is saved with the forest', () => {
  const { train, test: held } = classificationData()
  const model = randomForest({ trees: 60, classWeight: 'equal', outOfBag: true })
  const forest = model.fit(train, { rng: seededRng(42) })
  const shares = forest.predict(held.rows, held.count)
  let right = 0
  for (let row = 0; row < held.count; row++) {
    const own = shares.subarray(row * 4, row * 4 + 4)
    if (own.indexOf(Math.max(...own)) === held.targets[row]) right++
  }
  assert.ok(Math.abs(forest.outOfBag!.accuracy - right / held.count) < 0.02)
  assert.deepEqual(model.load(forest.save()).outOfBag, forest.outOfBag)
  assert.equal(randomForest({ trees: 2 }).fit(train, { rng: seededRng(1) }).outOfBag, undefined)
})

test('without bootstrap there is nothing out of the bag to tell of', () => {
  const { train } = classificationData()
  const watch = (): never => assert.fail('told something')
  randomForest({ trees: 2, bootstrap: false }).fit(train, { rng: seededRng(1), watch })
})

test('what is missing is told from what is there, also where there is only one value or the largest one is in both', () => {
  const count = 60
  for (const there of [(): number => 1, (row: number): number => row]) {
    const rows = Float32Array.from({ length: count }, (_, row) => (row % 3 === 0 ? Number.NaN : there(row)))
    const targets = Float32Array.from(rows, value => (Number.isNaN(value) ? 1 : 0))
    const options = { trees: 3, bootstrap: false } as const
    const fitted = randomForest(options).fit({ rows, count, width: 1, targets, classes: 2 }, { rng: seededRng(1) })
    const shares = fitted.predict(rows, count)
    for (let row = 0; row < count; row++) assert.ok(Math.abs(shares[2 * row + 1]! - targets[row]!) < 1e-6, `row ${row}`)
  }
})
