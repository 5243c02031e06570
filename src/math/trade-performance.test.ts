import assert from 'node:assert/strict'
import { test } from 'node:test'
import reference from './fixtures/reference.json' with { type: 'json' }
import { expectancy, profitFactor, wilsonInterval, winRate } from './trade-performance.ts'

const results = Array.from({ length: 40 }, (_, i) => (i < 13 ? 2 : i < 20 ? 0 : -1))

test('profit factor is gross profit over gross loss', () => {
  assert.deepEqual(profitFactor(results), { value: 26 / 20, n: 40 })
})

test('no losing trade means N/A and not infinity', () => {
  assert.deepEqual(profitFactor(Array<number>(40).fill(1)), { value: null, n: 40, reason: 'no losing trade' })
})

test('expectancy is the mean R', () => {
  assert.deepEqual(expectancy(results), { value: 6 / 40, n: 40 })
})

test('breaking even is not a win, and the interval is that of scipy', () => {
  const rate = winRate(results)
  assert.equal(rate.value, 13 / 40)
  assert.ok(Math.abs(rate.low - reference.wilson[0]!) < 1e-12)
  assert.ok(Math.abs(rate.high - reference.wilson[1]!) < 1e-12)
})

test('few trades have no rate but still an interval', () => {
  const rate = winRate([1, -1, 1])
  assert.equal(rate.value, null)
  assert.ok(rate.low > 0 && rate.high < 1 && rate.low < 2 / 3 && rate.high > 2 / 3)
  assert.deepEqual(expectancy([1]), { value: null, n: 1, reason: '1 trades, 30 are needed' })
})

test('the interval stays within 0 and 1 at the ends', () => {
  assert.equal(wilsonInterval(0, 50).low, 0)
  assert.equal(wilsonInterval(50, 50).high, 1)
  assert.deepEqual(wilsonInterval(0, 0), { low: 0, high: 1 })
})
