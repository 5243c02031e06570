import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { checkBatchModel } from '../model.checks.ts'
import type { LearningSet } from '../model.ts'
import peer from './fixtures/peer.json' with { type: 'json' }
import { classificationData, regressionData } from './fixtures/peer-data.ts'
import { type GradientBoostingOptions, gradientBoosting } from './gradient-boosting.ts'

checkBatchModel('gradient_boosting of classes', () => gradientBoosting({ loss: 'softmax', trees: 8 }))
checkBatchModel('gradient_boosting on shares of the rows, rising in one column', () =>
  gradientBoosting({ trees: 20, rowShare: 0.6, monotone: [1] }),
)

const fit = (options: GradientBoostingOptions, set: LearningSet) =>
  gradientBoosting(options).fit(set, { rng: seededRng(42) })

test('one round of softmax is the one worked out by hand', () => {
  // Shares 1/2, 1/4, 1/4 at the start, weight p(1 - p) a row. Class 0 splits between rows 2 and 3: -G / H = 2 (1/2) / (2/4) = 2.
  // Classes 1 and 2 split at their own row: alone 3/4 / (3/16) = 4, the other three -3/4 / (9/16) = -4/3.
  const set = {
    rows: Float32Array.of(1, 2, 3, 4),
    count: 4,
    width: 1,
    targets: Float32Array.of(0, 0, 1, 2),
    classes: 3,
  }
  const options = { loss: 'softmax', trees: 1, depth: 2, rate: 0.5, l2: 0, minLeafRows: 1, minLeafWeight: 0 } as const
  const scores = [
    [Math.log(1 / 2) + 1, Math.log(1 / 4) - 2 / 3, Math.log(1 / 4) - 2 / 3],
    [Math.log(1 / 2) - 1, Math.log(1 / 4) + 2, Math.log(1 / 4) - 2 / 3],
  ]
  const shares = scores.flatMap(own => {
    const sum = own.reduce((all, score) => all + Math.exp(score), 0)
    return own.map(score => Math.exp(score) / sum)
  })
  const predicted = fit(options, set).predict(Float32Array.of(1.5, 3), 2)
  for (const [at, share] of shares.entries()) assert.ok(Math.abs(predicted[at]! - share) < 1e-6, `${at}`)
})

test('shares of classes on held-out rows are as good as those of scikit-learn 1.2', () => {
  const { train, test: held } = classificationData()
  const shares = fit({ loss: 'softmax', trees: 60, depth: 4 }, train).predict(held.rows, held.count)
  let [right, loss] = [0, 0]
  for (let row = 0; row < held.count; row++) {
    const own = shares.subarray(row * 4, row * 4 + 4)
    if (own.indexOf(Math.max(...own)) === held.targets[row]) right++
    loss -= Math.log(own[held.targets[row]!]!) / held.count
  }
  assert.ok(right / held.count > peer.softmax.accuracy - 0.01, `accuracy ${right / held.count}`)
  assert.ok(Math.abs(loss - peer.softmax.logLoss) < 0.01, `log loss ${loss}`)
})

test('of two classes the shares are those of the logistic loss with half the steps taken twice', () => {
  // Softmax of two scores moves both by the Newton step that logistic loss takes with one, so its odds move twice as far.
  const { train } = regressionData()
  const set = { ...train, targets: train.targets.map(target => (target > 1 ? 1 : 0)), classes: 2 }
  const options = { trees: 1, depth: 3, l2: 0 } as const
  const two = fit({ ...options, loss: 'softmax', rate: 0.1 }, set).predict(set.rows, 100)
  const one = fit({ ...options, loss: 'logistic', rate: 0.2 }, set).predict(set.rows, 100)
  for (const [row, share] of one.entries()) assert.ok(Math.abs(two[2 * row + 1]! - share) < 1e-5)
})

test('a column with a direction never moves the value against it, whatever the others are', () => {
  const { train } = regressionData()
  // Column 3 enters as a parabola, so the free fit goes both ways.
  const worst = (options: GradientBoostingOptions, direction: number): number => {
    const fitted = fit({ trees: 40, minLeafRows: 5, ...options }, train)
    let most = 0
    for (let row = 0; row < 200; row++) {
      const grid = new Float32Array(50 * train.width)
      for (let step = 0; step < 50; step++) {
        grid.set(train.rows.subarray(row * train.width, (row + 1) * train.width), step * train.width)
        grid[step * train.width + 3] = step / 50
      }
      const values = fitted.predict(grid, 50)
      for (let step = 1; step < 50; step++) {
        most = Math.max(most, direction * (values[step - 1]! - values[step]!))
      }
    }
    return most
  }
  assert.ok(worst({}, 1) > 0.1 && worst({}, -1) > 0.1)
  for (const direction of [1, -1] as const) {
    const monotone = [0, 0, 0, direction] as const
    assert.ok(worst({ monotone }, direction) < 1e-5)
    assert.ok(worst({ monotone, growth: 'leaf', leaves: 12, depth: 20 }, direction) < 1e-5)
    assert.ok(worst({ monotone, loss: 'absolute', trees: 10 }, direction) < 1e-5)
  }
})

test('rounds on half of the rows learn as well as rounds on all', () => {
  const { train, test: held } = regressionData()
  const error = (rowShare: number) =>
    fit({ rowShare }, train)
      .predict(held.rows, held.count)
      .reduce((sum, value, row) => sum + (value - held.targets[row]!) ** 2, 0)
  const ratio = error(0.5) / error(1)
  assert.ok(ratio > 0.9 && ratio < 1.1, `${ratio}`)
})

test('a row that a round did not draw has no influence on its tree, yet its score moves', () => {
  const rows = Float32Array.from({ length: 16 }, (_, row) => row % 2)
  const targets = rows.map((value, row) => 8 * value + (row === 5 ? 100 : 0))
  const set = { rows, count: 16, width: 1, targets }
  const options = { rowShare: 0.5, rate: 1, l2: 0, depth: 1, minLeafRows: 1, loss: 'squared' } as const
  // Row 5 is far off. Rounds that do not draw it leave 8 on its side, the next one sees only what is left to explain.
  const after = (trees: number) => fit({ ...options, trees }, set).predict(rows, 2)
  const seen = Array.from({ length: 12 }, (_, round) => after(round + 1)[1]!)
  const isEight = (value: number) => Math.abs(value - 8) < 1e-5
  assert.ok(seen.some(isEight), seen.join(' '))
  assert.ok(
    seen.some(value => value > 9),
    seen.join(' '),
  )
})

test('a missing value goes to the side that explains it', () => {
  const rows = Float32Array.from({ length: 100 }, (_, row) => (row % 4 === 0 ? Number.NaN : row % 4))
  for (const like of [1, 3]) {
    const targets = Float32Array.from(rows, value => ((Number.isNaN(value) ? like : value) >= 2 ? 1 : 0))
    const fitted = fit({ trees: 1, rate: 1, l2: 0, depth: 1 }, { rows, count: 100, width: 1, targets })
    const [missing, low, high] = fitted.predict(Float32Array.of(Number.NaN, 1, 3), 3)
    assert.equal(missing, like === 1 ? low : high)
    assert.notEqual(low, high)
  }
})

test('what is missing is told from what is there, also where there is only one value', () => {
  const rows = Float32Array.from({ length: 100 }, (_, row) => (row % 4 === 0 ? Number.NaN : 2))
  const targets = Float32Array.from(rows, value => (Number.isNaN(value) ? 5 : 1))
  for (const splits of ['histogram', 'exact'] as const) {
    const options = { trees: 1, rate: 1, l2: 0, depth: 1, splits } as const
    const fitted = fit(options, { rows, count: 100, width: 1, targets })
    assert.deepEqual(fitted.predict(Float32Array.of(Number.NaN, 2), 2), Float32Array.of(5, 1))
  }
})

test('a leaf has at least the weight and a split the gain that are asked for', () => {
  const { train } = regressionData()
  const splits = (options: GradientBoostingOptions) => {
    const [tree] = fit({ trees: 1, ...options }, train).save()['trees'] as readonly { readonly left: string }[]
    return tree!.left.length
  }
  assert.ok(splits({ minLeafWeight: 300 }) < splits({}))
  assert.ok(splits({ minGain: 30 }) < splits({}))
  assert.equal(splits({ minGain: 1e9 }), splits({ minLeafWeight: train.count }))
})
