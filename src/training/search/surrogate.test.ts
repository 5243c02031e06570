import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fitSurrogate } from './surrogate.ts'

const wave = (x: number) => Math.sin(5 * x)
const known = Array.from({ length: 9 }, (_, i) => ({ unit: [i / 8], value: wave(i / 8) }))

test('it goes through what was observed and is close between', () => {
  const surrogate = fitSurrogate(known)
  for (const { unit, value } of known) assert.ok(Math.abs(surrogate.at(unit).mean - value) < 0.01)
  for (const x of [0.06, 0.3, 0.7]) assert.ok(Math.abs(surrogate.at([x]).mean - wave(x)) < 0.05)
})

test('it is sure where it looked, and unsure where it did not', () => {
  const surrogate = fitSurrogate(known.slice(0, 5))
  assert.ok(surrogate.at([0.25]).sd < 0.05)
  assert.ok(surrogate.at([1]).sd > 5 * surrogate.at([0.3]).sd)
  assert.ok(surrogate.with([{ unit: [1], value: 0 }]).at([1]).sd < 0.1)
})

test('a dimension that does not matter is not read', () => {
  const flat = Array.from({ length: 25 }, (_, i) => ({
    unit: [(i % 5) / 4, Math.floor(i / 5) / 4],
    value: wave((i % 5) / 4),
  }))
  const surrogate = fitSurrogate(flat)
  assert.ok(Math.abs(surrogate.at([0.5, 0.1]).mean - surrogate.at([0.5, 0.9]).mean) < 0.02)
})
