import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { fitRidge } from './ridge.ts'

const ones = (count: number): Float64Array => new Float64Array(count).fill(1)

test('without a penalty a line is found exactly', () => {
  const rows = Float32Array.of(1, 0, 2, 5, 3, 1, 4, 4)
  const predict = fitRidge(
    { rows, width: 2, targets: [1, 7, 5, 10].map((_, i) => 3 * rows[2 * i]! - rows[2 * i + 1]! + 2), weights: ones(4) },
    0,
  )
  assert.ok(Math.abs(predict(Float32Array.of(10, 1))[0]! - 31) < 1e-4)
})

test('one standardised column is shrunk by n / (n + l2) times the sum of squares', () => {
  // Closed form for one column of variance 1 (n-1): slope = Sxy / (Sxx + l2), Sxx = 3.
  const z = [-1.161895, -0.387298, 0.387298, 1.161895]
  const targets = [-1, -2, 1, 4]
  const sxy = z.reduce((sum, value, i) => sum + value * (targets[i]! - 0.5), 0)
  const predict = fitRidge({ rows: Float32Array.from(z), width: 1, targets, weights: ones(4) }, 2)
  assert.ok(Math.abs(predict(Float32Array.of(1))[0]! - (0.5 + sxy / (3 + 2))) < 1e-4)
})

test('a constant column and missing values do no harm', () => {
  const rng = seededRng(3)
  const rows = Float32Array.from({ length: 200 }, (_, i) =>
    i % 2 === 0 ? 7 : i % 31 === 0 ? Number.NaN : rng.normal(),
  )
  const targets = Float64Array.from({ length: 100 }, (_, row) =>
    Number.isNaN(rows[2 * row + 1]!) ? 0 : rows[2 * row + 1]!,
  )
  const predict = fitRidge({ rows, width: 2, targets, weights: ones(100) }, 0)
  const [one, missing] = predict(Float32Array.of(7, 1, 7, Number.NaN))
  assert.ok(Math.abs(one! - 1) < 0.05)
  assert.ok(Math.abs(missing!) < 0.3)
})

test('a row of weight two counts as two rows', () => {
  const once = { rows: Float32Array.of(0, 1, 2, 2), width: 1, targets: [0, 3, 1, 1] }
  const twice = fitRidge({ ...once, weights: ones(4) }, 0)(Float32Array.of(5))[0]!
  const weighted = fitRidge(
    { rows: Float32Array.of(0, 1, 2), width: 1, targets: [0, 3, 1], weights: Float64Array.of(1, 1, 2) },
    0,
  )
  assert.ok(Math.abs(weighted(Float32Array.of(5))[0]! - twice) < 1e-4)
})
