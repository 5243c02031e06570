import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { checkBatchModel } from '../model.checks.ts'
import type { LearningSet } from '../model.ts'
import type { FitPoint } from '../watch.ts'
import peer from './fixtures/peer.json' with { type: 'json' }
import { regressionData } from './fixtures/peer-data.ts'
import { gradientBoosting } from './gradient-boosting.ts'

checkBatchModel('gradient_boosting', () => gradientBoosting({ trees: 20 }))
checkBatchModel('gradient_boosting by leaf, with a share of the columns', () =>
  gradientBoosting({ trees: 20, growth: 'leaf', leaves: 8, columnShare: 0.7 }),
)
checkBatchModel('gradient_boosting of the median', () => gradientBoosting({ trees: 10, loss: 'absolute' }))

const squaredErrors = (predicted: Float32Array, { targets }: LearningSet): number[] =>
  Array.from(predicted, (value, row) => (value - targets[row]!) ** 2)
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const rng = () => seededRng(42)

test('the rows are those that scikit-learn saw', () => {
  const { train, test: held } = regressionData()
  assert.deepEqual(Array.from(train.rows.slice(0, train.width)), peer.first)
  const sum = mean(Array.from(train.targets)) * train.count + mean(Array.from(held.targets)) * held.count
  assert.ok(Math.abs(sum - peer.signalSum) < 0.01)
})

test('R2 on held-out rows is not below scikit-learn 1.2 by more than a standard error', () => {
  const { train, test: held } = regressionData()
  const errors = squaredErrors(
    gradientBoosting({ minLeafRows: 20 }).fit(train, { rng: rng() }).predict(held.rows, held.count),
    held,
  )
  const spread = mean(Array.from(held.targets, target => (target - mean(Array.from(held.targets))) ** 2))
  const r2 = 1 - mean(errors) / spread
  const error = Math.sqrt(mean(errors.map(own => (own - mean(errors)) ** 2)) / errors.length) / spread
  assert.ok(r2 >= peer.boosting.r2 - error, `${r2} against ${peer.boosting.r2}`)
})

test('one tree is the one worked out by hand', () => {
  // Mean 3; left residuals -2, -2, right 2, 2; leaf = rate * sum / (rows + l2) = 0.5 * (-4) / 3 and 0.5 * 4 / 3.
  const rows = Float32Array.of(1, 2, 3, 4)
  const set = { rows, count: 4, width: 1, targets: Float32Array.of(1, 1, 5, 5) }
  const fitted = gradientBoosting({ trees: 1, rate: 0.5, minLeafRows: 1, depth: 1 }).fit(set, { rng: rng() })
  assert.deepEqual(fitted.predict(Float32Array.of(2.5, 2.6), 2), Float32Array.of(3 - 2 / 3, 3 + 2 / 3))
})

test('a validation set stops it and the trees after its lowest loss are dropped', () => {
  const { train, test: held } = regressionData()
  const few = {
    ...train,
    rows: train.rows.slice(0, 200 * train.width),
    count: 200,
    targets: train.targets.slice(0, 200),
  }
  const options = { trees: 400, rate: 0.3, minLeafRows: 2 }
  const stopped = gradientBoosting(options).fit(few, { rng: rng(), validation: held })
  const trees = (stopped.save()['trees'] as readonly unknown[]).length
  assert.ok(trees < 385)
  const own = mean(squaredErrors(stopped.predict(held.rows, held.count), held))
  for (const other of [trees - 1, trees + 1, trees + 10]) {
    const fixed = gradientBoosting({ ...options, trees: other }).fit(few, { rng: rng() })
    assert.ok(own <= mean(squaredErrors(fixed.predict(held.rows, held.count), held)))
  }
})

test('where no tree helps on the validation set the constant is kept', () => {
  const { train, test: held } = regressionData()
  const wrong = { ...held, targets: held.targets.map(target => -target) }
  const fitted = gradientBoosting({ trees: 30 }).fit(train, { rng: rng(), validation: wrong })
  const predicted = fitted.predict(held.rows, 10)
  assert.ok(predicted.every(value => value === predicted[0]))
})

test('equal weights of any size change nothing, and a weight of 2 counts like two rows', () => {
  const { train } = regressionData()
  const bytes = (set: LearningSet, l2 = 1) => {
    const fitted = gradientBoosting({ trees: 5, l2, minLeafRows: 1, minLeafWeight: 0 }).fit(set, { rng: rng() })
    return fitted.predict(train.rows, 50)
  }
  assert.deepEqual(bytes({ ...train, weights: new Float64Array(train.count).fill(7) }), bytes(train))
  const doubled = {
    rows: Float32Array.from([...train.rows, ...train.rows]),
    count: 2 * train.count,
    width: train.width,
    targets: Float32Array.from([...train.targets, ...train.targets]),
  }
  // Unit weights are scaled to a mean of 1, so twice the rows need twice the L2.
  const [once, twice] = [bytes(train, 1), bytes(doubled, 2)]
  for (const [row, value] of once.entries()) assert.ok(Math.abs(value - twice[row]!) < 1e-5)
})

test('the median ignores what the mean follows, and a quantile has its share below', () => {
  const count = 2000
  const random = seededRng('tails')
  const rows = new Float32Array(count)
  const targets = Float32Array.from({ length: count }, () => (random.next() < 0.05 ? 100 : random.normal()))
  const set = { rows, count, width: 1, targets }
  const at = (options: Parameters<typeof gradientBoosting>[0]) =>
    gradientBoosting(options).fit(set, { rng: rng() }).predict(rows, 1)[0]!
  assert.ok(at({ loss: 'squared' }) > 4)
  assert.ok(Math.abs(at({ loss: 'absolute' })) < 0.2)
  assert.ok(Math.abs(at({ loss: 'huber' })) < 0.3)
  const low = at({ loss: 'quantile', level: 0.1 })
  const below = targets.filter(target => target < low).length / count
  assert.ok(Math.abs(below - 0.1) < 0.01)
})

test('logistic loss gives probabilities that fit a planted curve', () => {
  const count = 20_000
  const random = seededRng('curve')
  const truth = (x: number) => 1 / (1 + Math.exp(-3 * x))
  const rows = Float32Array.from({ length: count }, () => 2 * random.next() - 1)
  const targets = Float32Array.from(rows, x => (random.next() < truth(x) ? 1 : 0))
  const options = { loss: 'logistic', depth: 3, minLeafRows: 200 } as const
  const fitted = gradientBoosting(options).fit({ rows, count, width: 1, targets }, { rng: rng() })
  const grid = Float32Array.from({ length: 41 }, (_, i) => -1 + i / 20)
  const errors = Array.from(fitted.predict(grid, 41), (share, i) => Math.abs(share - truth(grid[i]!)))
  assert.ok(mean(errors) < 0.03, `mean error ${mean(errors)}`)
})

test('the curves are the losses that the fit lowers: of its own rows, and of the validation rows by which it stops', () => {
  const { train, test: held } = regressionData()
  const options = { trees: 90, rate: 0.5, minLeafRows: 2, patience: 5 }
  const told: FitPoint[] = []
  const watch = (point: FitPoint): void => void told.push(point)
  const fitted = gradientBoosting(options).fit(train, { rng: rng(), validation: held, watch })
  const kept = (fitted.save()['trees'] as readonly unknown[]).length
  const curve = (name: FitPoint['curve']) => told.filter(point => point.curve === name)
  const [own, validation] = [curve('train'), curve('validation')]
  assert.deepEqual(
    own.map(({ x }) => x),
    Array.from({ length: kept + options.patience + 1 }, (_, round) => round),
  )
  assert.equal(validation.at(-1)!.x, kept + options.patience)
  const lowest = validation.reduce((best, point) => (point.y < best.y ? point : best))
  assert.equal(lowest.x, kept)
  const half = (set: LearningSet) => mean(squaredErrors(fitted.predict(set.rows, set.count), set)) / 2
  assert.ok(Math.abs(lowest.y - half(held)) < 1e-5)
  assert.ok(Math.abs(own[kept]!.y - half(train)) < 1e-5)
})

test('many rounds are told as few points, the last among them', () => {
  const { train } = regressionData()
  const told: FitPoint[] = []
  gradientBoosting({ trees: 203, depth: 1 }).fit(train, { rng: rng(), watch: point => void told.push(point) })
  assert.ok(told.length <= 100)
  assert.deepEqual([told[0]!.x, told.at(-1)!.x], [0, 203])
})
