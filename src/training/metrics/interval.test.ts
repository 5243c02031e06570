import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { type IntervalOptions, meanOf, meanOverlap, metricOf, metricsOf, valuesOf } from './interval.ts'
import { roleEvaluation } from './report.ts'

const options = (): IntervalOptions => ({
  rng: seededRng(1),
  resamples: 500,
  costlyResamples: 200,
  block: 1,
  minimum: 30,
})

test('fewer rows than the minimum print no number but why', () => {
  assert.deepEqual(metricOf(meanOf([1, 2, 3]), options()), {
    value: null,
    low: null,
    high: null,
    n: 3,
    note: '3 rows, 30 are needed',
  })
})

test('a value that is not defined is null, not NaN', () => {
  const undefinedValue = { kind: 'other', count: 40, of: () => Number.NaN } as const
  assert.equal(metricOf(undefinedValue, options()).value, null)
  assert.deepEqual(valuesOf({ x: undefinedValue, y: meanOf([1]) }, 30), { x: null, y: null })
})

test('the interval of independent rows has about the width of theory', () => {
  const rng = seededRng(5)
  const values = Array.from({ length: 400 }, () => rng.normal())
  const { value, low, high } = metricOf(meanOf(values), options())
  assert.ok(low! < value! && value! < high!)
  // 2 * 1.96 / sqrt(400) = 0.196
  assert.ok(Math.abs(high! - low! - 0.196) < 0.05)
})

test('a mean and the same mean as any other statistic agree', () => {
  const values = Float64Array.from({ length: 50 }, (_, i) => Math.sin(i))
  const other = {
    kind: 'other',
    count: 50,
    of: (rows: ArrayLike<number>) => Array.from(rows, row => values[row]!).reduce((sum, x) => sum + x, 0) / rows.length,
  } as const
  const both = metricsOf({ a: { kind: 'mean', values }, b: other }, options())
  assert.ok(Math.abs(both['a']!.value! - both['b']!.value!) < 1e-12)
})

test('overlap counts the rows that begin during a row', () => {
  assert.equal(meanOverlap([0, 1, 2, 3], [1, 2, 3, 3]), 1.75)
  assert.equal(meanOverlap([], []), 1)
})

test('a role report keeps one value per fold and marks thin folds', () => {
  const long = { x: meanOf(Array.from({ length: 40 }, (_, i) => i)) }
  const evaluated = roleEvaluation(
    { baseline: false, holdout: long, folds: [long, { x: meanOf([1]) }], baselines: { other: long } },
    options(),
  )
  assert.deepEqual(evaluated.folds['x'], [19.5, null])
  assert.deepEqual(evaluated.baselines['other'], evaluated.holdout)
})
