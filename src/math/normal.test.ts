import assert from 'node:assert/strict'
import { test } from 'node:test'
import reference from './fixtures/reference.json' with { type: 'json' }
import { normalCdf, normalDensity, normalQuantile } from './normal.ts'

const relative = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.abs(expected), `${actual} is not ${expected}`)

// scipy itself is 1.1e-13 off at -37, where 40 decimal digits give 5.7255712225245768e-300.
test('the distribution function equals scipy from -37 to 8, tails by relative error', () => {
  for (const [i, x] of reference.cdfAt.entries()) relative(normalCdf(x), reference.cdf[i]!, 2e-13)
})

test('the quantile equals scipy down to 1e-300', () => {
  for (const [i, p] of reference.quantileAt.entries()) {
    if (p !== 0.5) relative(normalQuantile(p), reference.normalQuantile[i]!, 1e-13)
  }
  assert.equal(Math.abs(normalQuantile(0.5)), 0)
})

test('the ends and what lies outside', () => {
  assert.equal(normalQuantile(0), -Infinity)
  assert.equal(normalQuantile(1), Infinity)
  assert.ok(Number.isNaN(normalQuantile(1.1)))
  assert.ok(Number.isNaN(normalQuantile(Number.NaN)))
  assert.ok(Number.isNaN(normalCdf(Number.NaN)))
  assert.equal(normalCdf(-Infinity), 0)
  assert.equal(normalCdf(Infinity), 1)
})

test('the density at 0 is 1/sqrt(2 pi)', () => {
  assert.equal(normalDensity(0), 1 / Math.sqrt(2 * Math.PI))
})
