import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { BrainRegime } from './regime-table.ts'
import { BRAIN_REGIMES, DEFAULT_BANDS, regimeOf } from './regime-table.ts'

const next = (a: number, z: number, current: BrainRegime = 'Normal') => regimeOf(a, z, current, DEFAULT_BANDS)
const anyRegime = fc.constantFrom(...BRAIN_REGIMES)
const between = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const signed = (min: number, max: number) =>
  fc.tuple(between(min, max), fc.constantFrom(1, -1)).map(([z, sign]) => z * sign)
/** No value in here begins a regime. */
const inBands = fc.record({ a: between(0.801, 1.399), z: signed(0.301, 0.799) })

test('each regime begins exactly at its level', () => {
  assert.deepEqual([next(1.4, 0.5), next(1.399, 0.5)], ['HighVolatility', 'Normal'])
  assert.deepEqual([next(0.8, 0.5), next(0.801, 0.5)], ['LowVolatility', 'Normal'])
  assert.deepEqual([next(1, -0.8), next(1, 0.799)], ['Trending', 'Normal'])
  assert.deepEqual([next(1, 0.3), next(1, -0.301)], ['Ranging', 'Normal'])
})

test('each regime ends only beyond its band', () => {
  assert.deepEqual([next(1.3, 0.5, 'HighVolatility'), next(1.299, 0.5, 'HighVolatility')], ['HighVolatility', 'Normal'])
  assert.deepEqual([next(0.9, 0.5, 'LowVolatility'), next(0.901, 0.5, 'LowVolatility')], ['LowVolatility', 'Normal'])
  assert.deepEqual([next(1, 0.6, 'Trending'), next(1, 0.599, 'Trending')], ['Trending', 'Normal'])
  assert.deepEqual([next(1, -0.45, 'Ranging'), next(1, 0.451, 'Ranging')], ['Ranging', 'Normal'])
})

test('volatility goes before trend, whatever the regime was', () => {
  assert.equal(next(1.4, 2, 'Trending'), 'HighVolatility')
  assert.equal(next(0.8, 0, 'Ranging'), 'LowVolatility')
})

test('unknown volatility leaves the decision to the trend', () => {
  assert.equal(next(Number.NaN, 1, 'HighVolatility'), 'Trending')
  assert.equal(next(Number.NaN, 0.5, 'LowVolatility'), 'Normal')
})

test('inside the bands no regime oscillates: it holds, or it falls back to Normal once and stays', () => {
  fc.assert(
    fc.property(anyRegime, fc.array(inBands, { minLength: 2, maxLength: 60 }), (start, steps) => {
      let current = start
      let changes = 0
      for (const { a, z } of steps) {
        const after = next(a, z, current)
        if (after !== current) {
          assert.equal(after, 'Normal')
          changes++
        }
        current = after
      }
      assert.ok(changes <= 1)
    }),
    { numRuns: 2000 },
  )
})

test('to come back to a regime a value must cross its whole band', () => {
  const walk = fc.array(fc.record({ a: between(0.5, 1.8), z: signed(0, 1.5) }), { minLength: 5, maxLength: 200 })
  fc.assert(
    fc.property(walk, steps => {
      let current: BrainRegime = 'Normal'
      for (const { a, z } of steps) {
        const after = next(a, z, current)
        if (current === 'HighVolatility' && after !== current) assert.ok(a < 1.3)
        if (after === 'HighVolatility' && after !== current) assert.ok(a >= 1.4)
        if (current === 'LowVolatility' && after !== current) assert.ok(a > 0.9)
        if (after === 'LowVolatility' && after !== current) assert.ok(a <= 0.8)
        if (current === 'Trending' && (after === 'Ranging' || after === 'Normal')) assert.ok(Math.abs(z) < 0.6)
        if (current === 'Ranging' && after === 'Normal') assert.ok(Math.abs(z) > 0.45)
        current = after
      }
    }),
  )
})
