import assert from 'node:assert/strict'
import { test } from 'node:test'
import fixture from './fixtures/isotonic.json' with { type: 'json' }
import { isotonic, poolViolators } from './isotonic.ts'
import { valueAt } from './ramps.ts'

test('violators are pooled as in the worked example', () => {
  // Barlow et al. 1972, chapter 1: 1 3 2 4 3.5 5 becomes 1 2.5 2.5 3.75 3.75 5.
  const pools = poolViolators([1, 2, 3, 4, 5, 6], [1, 3, 2, 4, 3.5, 5])
  assert.deepEqual(
    pools.map(({ value, weight }) => [value, weight]),
    [
      [1, 1],
      [2.5, 2],
      [3.75, 2],
      [5, 1],
    ],
  )
  assert.deepEqual(
    pools.map(({ centre }) => centre),
    [1, 2.5, 4.5, 6],
  )
})

test('fitted values equal scikit-learn 1.2 on weighted scores with ties', () => {
  const pools = poolViolators(fixture.scores, fixture.labels, fixture.weights)
  const order = fixture.scores.map((_, row) => row).sort((a, b) => fixture.scores[a]! - fixture.scores[b]!)
  let pool = 0
  let filled = 0
  for (const row of order) {
    assert.ok(Math.abs(pools[pool]!.value - fixture.fitted[row]!) < 1e-12, `score ${fixture.scores[row]}`)
    filled += fixture.weights[row]!
    if (filled > pools[pool]!.weight - 1e-9) [pool, filled] = [pool + 1, 0]
  }
  assert.equal(pool, pools.length)
})

test('the function passes through the centres, rises, and is level outside', () => {
  const ramps = isotonic([0.1, 0.2, 0.4, 0.8], [0.2, 0.1, 0.5, 0.9])
  assert.ok(Math.abs(valueAt(ramps, 0.15) - 0.15) < 1e-6)
  assert.ok(Math.abs(valueAt(ramps, 0.6) - 0.7) < 1e-6)
  assert.equal(valueAt(ramps, 0), valueAt(ramps, 0.15))
  assert.equal(valueAt(ramps, 2), valueAt(ramps, 1))
  assert.ok(Math.abs(valueAt(ramps, 1) - 0.9) < 1e-6)
})

test('scores that differ by less than float32 can tell still give a finite function', () => {
  const ramps = isotonic([0.5, 0.5 + 1e-12, 0.9], [0, 0.4, 1])
  for (const x of [0, 0.5, 0.7, 1]) assert.ok(Number.isFinite(valueAt(ramps, x)))
})
