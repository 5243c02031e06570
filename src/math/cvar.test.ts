import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cvarAt, tailCount, valueAtRisk, weightedWorstMean, worstMean } from './cvar.ts'

test('the tail is the ceiling of the share, also where the product rounds up by itself', () => {
  assert.equal(0.07 * 100, 7.000000000000001)
  assert.equal(tailCount(0.07, 100), 7)
  assert.equal(tailCount(0.05, 141), 8)
  assert.equal(tailCount(0.05, 3), 1)
  for (let n = 20; n <= 20_000; n += 20) assert.equal(tailCount(0.05, n), n / 20)
})

test('the mean of the worst 5 % of 0..39 is the mean of the two lowest', () => {
  const values = Array.from({ length: 40 }, (_, i) => (i * 17) % 40)
  assert.equal(worstMean(values), 0.5)
})

test('equal weights and a whole number of rows give the plain mean of the worst', () => {
  const values = Array.from({ length: 40 }, (_, i) => Math.sin(i))
  assert.ok(Math.abs(weightedWorstMean(values, new Float64Array(40).fill(0.3), 0.1) - worstMean(values, 0.1)) < 1e-12)
})

test('a row of weight 3 counts as three rows', () => {
  const apart = worstMean([-9, -5, -5, -5, 0, 1, 2, 3], 0.5)
  assert.equal(weightedWorstMean([-9, -5, 0, 1, 2, 3], [1, 3, 1, 1, 1, 1], 0.5), apart)
})

test('no values have no worst mean', () => {
  assert.ok(Number.isNaN(worstMean([])))
})

test('value at risk is the smallest loss that the rest of the losses do not exceed', () => {
  assert.equal(valueAtRisk([3, 1, 2, 4], 0.25), 3)
  assert.equal(valueAtRisk([3, 1, 2, 4], 0.5), 2)
  assert.equal(valueAtRisk([7], 0.05), 7)
  assert.ok(Number.isNaN(valueAtRisk([], 0.05)))
})

test('the formula of Rockafellar and Uryasev is least at the value at risk, where it is the mean of the worst', () => {
  const losses = Array.from({ length: 40 }, (_, i) => Math.sin(i * i))
  const z = valueAtRisk(losses, 0.1)
  const least = cvarAt(losses, 0.1, z)
  assert.ok(
    Math.abs(
      least +
        worstMean(
          losses.map(loss => -loss),
          0.1,
        ),
    ) < 1e-12,
  )
  for (const other of losses) assert.ok(cvarAt(losses, 0.1, other) >= least - 1e-12)
})
