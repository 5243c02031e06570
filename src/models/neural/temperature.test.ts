import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { fitTemperature } from './temperature.ts'

/** Logits of which class frequencies are the softmax at temperature 1, times `scale`. */
function drawn(scale: number) {
  const rng = seededRng('logits')
  const logits: number[] = []
  const classes = Array.from({ length: 6000 }, () => {
    const row = [rng.normal(), rng.normal(), rng.normal()].map(value => 1.5 * value)
    const shares = row.map(Math.exp)
    let place = rng.next() * shares.reduce((sum, share) => sum + share, 0)
    logits.push(...row.map(value => scale * value))
    return shares.findIndex(share => (place -= share) < 0)
  })
  return { logits: Float64Array.from(logits), classes }
}

test('logits that are too sure by a factor get that factor for a temperature', () => {
  for (const scale of [0.5, 1, 3]) {
    const { logits, classes } = drawn(scale)
    assert.ok(Math.abs(fitTemperature(logits, classes, 3) / scale - 1) < 0.05)
  }
})

test('the loss is lowest there: half a percent to either side it is higher', () => {
  const { logits, classes } = drawn(2)
  const loss = (temperature: number) =>
    classes.reduce((sum, label, row) => {
      const own = [...logits.subarray(row * 3, row * 3 + 3)].map(value => value / temperature)
      return sum + Math.log(own.reduce((total, value) => total + Math.exp(value), 0)) - own[label]!
    }, 0)
  const best = fitTemperature(logits, classes, 3)
  assert.ok(loss(best) < loss(best * 1.005) && loss(best) < loss(best / 1.005))
})

test('logits that are always right or say nothing stay within the limits', () => {
  assert.equal(fitTemperature(Float64Array.of(1, 0, 0, 1), [0, 1], 2), 0.05)
  assert.equal(fitTemperature(Float64Array.of(1, 0, 1, 0), [0, 1], 2), 20)
})
