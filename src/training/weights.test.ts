import assert from 'node:assert/strict'
import { test } from 'node:test'
import { averageUniqueness, effectiveSize, recency } from './weights.ts'

// By hand. Bars 0..4; A lives on bars 0-2, B on 1-3, C on 3, D on 4. Alive per bar: 1, 2, 2, 2, 1.
const start = Float64Array.of(0, 1, 3, 4)
const end = Float64Array.of(2, 3, 3, 4)

test('average uniqueness agrees with a hand-worked example', () => {
  // Bar 2 has no row of its own, so bars 0, 1, 3, 4 are the ticks: A = (1 + 1/2) / 2, B = (1/2 + 1/2) / 2, C = 1/2, D = 1.
  assert.deepEqual(Array.from(averageUniqueness({ start, end })), [0.75, 0.5, 0.5, 1])
})

test('rows with one and the same span share it', () => {
  const same = averageUniqueness({ start: Float64Array.of(0, 0, 0, 0), end: Float64Array.of(9, 9, 9, 9) })
  assert.deepEqual(Array.from(same), [0.25, 0.25, 0.25, 0.25])
})

test('uniqueness agrees with counting every pair', () => {
  const times = Float64Array.from({ length: 60 }, (_, row) => Math.floor(row / 3))
  const ends = times.map((time, row) => time + ((row * 7) % 11))
  const direct = times.map((time, row) => {
    let sum = 0
    const last = Math.min(ends[row]!, 19)
    for (let tick = time; tick <= last; tick++) {
      sum += 1 / times.reduce((alive, from, other) => alive + (from <= tick && ends[other]! >= tick ? 1 : 0), 0)
    }
    return sum / (last - time + 1)
  })
  const fast = averageUniqueness({ start: times, end: ends })
  for (const [row, value] of direct.entries()) assert.ok(Math.abs(fast[row]! - value) < 1e-12)
})

test('a row one half-life old counts half', () => {
  assert.deepEqual(Array.from(recency(Float64Array.of(0, 60, 120), 60)), [0.25, 0.5, 1])
})

test('without decay the effective size is the sum of uniqueness, without overlap it is that of Kish', () => {
  assert.equal(effectiveSize(Float64Array.of(0.25, 0.5), Float64Array.of(1, 1)), 0.75)
  const weights = Float64Array.of(1, 0.5, 0.25)
  assert.ok(Math.abs(effectiveSize(Float64Array.of(1, 1, 1), weights) - 1.75 ** 2 / (1 + 0.25 + 0.0625)) < 1e-12)
})
