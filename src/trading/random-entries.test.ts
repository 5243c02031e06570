import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../base/rng.ts'
import { MES, minuteBar } from './fixtures/market.ts'
import { account } from './limits.ts'
import { randomEntries, spread } from './random-entries.ts'

/** Rises by 8 steps a bar: with an ATR of 10 points the stop is 80 steps away and the target 160. */
const bars = Array.from({ length: 200 }, (_, i) =>
  minuteBar(i, [20_000 + 8 * i, 20_009 + 8 * i, 19_999 + 8 * i, 20_008 + 8 * i]),
)
const conditions = {
  atr: new Float64Array(200).fill(10),
  spreadBps: new Float64Array(200),
  session: new Uint8Array(200),
}
const options = {
  bars,
  conditions,
  instrument: MES,
  hasVolume: false,
  limits: account(),
  trades: 20,
  rng: seededRng(1),
  runs: 50,
}

test('in a market that only rises longs reach the target and shorts the stop', () => {
  // Long: (160 x 1.25 - 1.50) / (80 x 1.25 + 1.50) = 1.9557; short: (-(80 + 1) x 1.25 - 1.50) / 101.50 = -1.0123.
  const longs = randomEntries({ ...options, longShare: 1 })
  const shorts = randomEntries({ ...options, longShare: 0 })
  assert.ok(Math.abs(longs[0]! - 198.5 / 101.5) < 1e-9)
  assert.ok(Math.abs(shorts.at(-1)! - -102.75 / 101.5) < 0.01)
})

test('the runs rise, and half longs lie between', () => {
  const means = randomEntries({ ...options, longShare: 0.5 })
  assert.equal(means.length, 50)
  const { low, median, high } = spread(means)
  assert.ok(low <= median && median <= high && low > -1.1 && high < 2)
})

test('without trades or without a bar to enter at there is nothing to compare', () => {
  assert.equal(randomEntries({ ...options, trades: 0, longShare: 1 }).length, 0)
  const cold = { ...conditions, atr: new Float64Array(200).fill(Number.NaN) }
  assert.equal(randomEntries({ ...options, conditions: cold, longShare: 1 }).length, 0)
})
