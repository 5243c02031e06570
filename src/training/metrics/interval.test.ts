import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { type IntervalOptions, meanOf, meanOverlap, metricsOf, valuesOf } from './interval.ts'
import { roleEvaluation } from './report.ts'

const options = (): IntervalOptions => ({
  rng: seededRng(1),
  resamples: 500,
  block: 1,
  minimum: 30,
})

test('fewer rows than the minimum print no number but why', () => {
  assert.deepEqual(metricsOf([meanOf([1, 2, 3])], options())[0], {
    value: null,
    low: null,
    high: null,
    n: 3,
    note: '3 rows, 30 are needed',
  })
})

test('a value that is not defined is null, not NaN', () => {
  const undefinedValue = { kind: 'path', values: new Float64Array(40), of: () => Number.NaN } as const
  assert.equal(metricsOf([undefinedValue], options())[0]?.value, null)
  assert.deepEqual(valuesOf({ x: undefinedValue, y: meanOf([1]) }, 30), { x: null, y: null })
})

test('the interval of independent rows has about the width of theory', () => {
  const rng = seededRng(5)
  const values = Array.from({ length: 400 }, () => rng.normal())
  const { value, low, high } = metricsOf([meanOf(values)], options())[0]!
  assert.ok(low! < value! && value! < high!)
  // 2 * 1.96 / sqrt(400) = 0.196
  assert.ok(Math.abs(high! - low! - 0.196) < 0.05)
})

test('a mean, the same mean as a function of means and as a path agree', () => {
  const noise = seededRng(4)
  const values = Float64Array.from({ length: 50 }, () => noise.normal())
  const average = values.reduce((total, value) => total + value, 0) / 50
  const of = (sample: Float64Array): number => sample.reduce((total, value) => total + value, 0) / sample.length
  const [a, b, c] = metricsOf(
    [
      { kind: 'mean', values },
      { kind: 'means', count: 50, value: average, columns: () => [values], of: ([mean]) => mean! },
      { kind: 'path', values, of },
    ],
    { ...options(), block: 3 },
  )
  for (const other of [b!, c!]) {
    assert.ok(Math.abs(a!.value! - other.value!) < 1e-12)
    assert.ok(Math.abs(a!.low! - other.low!) < 0.08 && Math.abs(a!.high! - other.high!) < 0.08)
  }
})

test('overlap counts the rows that begin during a row', () => {
  assert.equal(meanOverlap([0, 1, 2, 3], [1, 2, 3, 3]), 1.75)
  assert.equal(meanOverlap([], []), 1)
})

test('statistics of one count share their draws: what is always larger has the larger interval', () => {
  const noise = seededRng(9)
  const values = Array.from({ length: 60 }, () => noise.normal())
  const [small, large] = metricsOf([meanOf(values), meanOf(values.map(value => value + 1))], options())
  assert.ok(Math.abs(large!.low! - small!.low! - 1) < 1e-9 && Math.abs(large!.high! - small!.high! - 1) < 1e-9)
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
