import assert from 'node:assert/strict'
import { test } from 'node:test'
import reference from './fixtures/reference.json' with { type: 'json' }
import {
  kurtosis,
  mean,
  median,
  medianAbsoluteDeviation,
  pearson,
  quantile,
  ranks,
  skewness,
  sorted,
  sortOrder,
  standardDeviation,
  variance,
} from './statistics.ts'

const near = (actual: number, expected: number, tolerance = 1e-12) =>
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)), `${actual} is not ${expected}`)

test('moments equal those of numpy and scipy', () => {
  near(mean(reference.sample), reference.mean)
  near(standardDeviation(reference.sample), reference.sd)
  near(variance(reference.sample), reference.sd ** 2)
  near(skewness(reference.sample), reference.skewness)
  near(kurtosis(reference.sample), reference.kurtosis)
})

test('quantiles equal the default of numpy at every share', () => {
  for (const [i, share] of reference.quantileShares.entries())
    near(quantile(reference.sample, share), reference.quantiles[i]!)
  near(median(reference.sample), reference.quantiles[3]!)
  near(medianAbsoluteDeviation(reference.sample), reference.mad)
})

test('equal values share the mean of their ranks as in scipy', () => {
  assert.deepEqual([...ranks(reference.other)], reference.ranksOfOther)
  near(pearson(reference.sample, reference.other), reference.pearson)
  near(pearson(ranks(reference.sample), ranks(reference.other)), reference.spearman)
})

test('typed arrays give what plain arrays give, and no input is changed', () => {
  const typed = Float64Array.from(reference.sample)
  assert.equal(quantile(typed, 0.3), quantile(reference.sample, 0.3))
  assert.deepEqual([...typed], reference.sample)
  assert.deepEqual([...sorted([3, 1, 2])], [1, 2, 3])
})

test('the sort order keeps equal values in their order', () => {
  assert.deepEqual([...sortOrder([2, 1, 2, 1])], [1, 3, 0, 2])
})

test('a statistic without enough values is NaN and not 0', () => {
  for (const value of [
    mean([]),
    median([]),
    variance([1]),
    standardDeviation([]),
    skewness([2, 2]),
    pearson([1, 1], [1, 2]),
  ]) {
    assert.ok(Number.isNaN(value))
  }
})
