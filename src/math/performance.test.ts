import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../base/rng.ts'
import { calmar, cvar, drawdown, sharpe, sharpePerTrade, sharpeRatio, sortino } from './performance.ts'

const near = (actual: number | null, expected: number, tolerance = 1e-9) =>
  assert.ok(actual !== null && Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`)

/** 60 sessions of +2 % and -1 % in turn: mean 0.005, sum of squared deviations 60 * 0.015^2. */
const alternating = Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? 0.02 : -0.01))

test('Sharpe of a hand-worked series', () => {
  const sd = Math.sqrt((60 * 0.015 ** 2) / 59)
  near(sharpe(alternating).value, (0.005 / sd) * Math.sqrt(252))
  near(sharpe(alternating, { perYear: 365, riskFree: 0.001 }).value, (0.004 / sd) * Math.sqrt(365))
})

test('Sortino divides by the downside over all sessions, not over the losing ones', () => {
  near(sortino(alternating).value, (0.005 / Math.sqrt((30 * 0.01 ** 2) / 60)) * Math.sqrt(252))
})

test('CVaR takes the ceiling of 5 % of the sessions', () => {
  const returns = Array.from({ length: 61 }, (_, i) => (i - 30) / 100)
  near(cvar(returns).value, (-0.3 - 0.29 - 0.28 - 0.27) / 4)
})

test('drawdown of a hand-worked curve: share, amount and length to the recovery', () => {
  assert.deepEqual(drawdown([100, 120, 90, 110, 120, 200, 160]), { fraction: 0.25, amount: 40, length: 3 })
  assert.deepEqual(drawdown([1, 2, 3]), { fraction: 0, amount: 0, length: 0 })
  assert.equal(drawdown([5, 4, 3, 4]).length, 3)
})

test('drawdown equals the slow definition on random walks', () => {
  const rng = seededRng(3)
  for (let run = 0; run < 20; run++) {
    const equity: number[] = [100]
    for (let i = 0; i < 50; i++) equity.push(equity.at(-1)! * Math.exp(0.05 * rng.normal()))
    const slow = Math.max(...equity.map((value, i) => 1 - value / Math.max(...equity.slice(0, i + 1))))
    near(drawdown(equity).fraction, slow, 1e-12)
  }
})

test('Calmar of a doubling in 252 sessions with a fall by a quarter is 4', () => {
  near(calmar([100, 160, 120, 200], 252).value, 4)
})

test('ratios without evidence are N/A with the reason, never 0 or infinite', () => {
  assert.deepEqual(sharpe(alternating.slice(1)), { value: null, n: 59, reason: '59 sessions, 60 are needed' })
  assert.deepEqual(sharpe(alternating, { trades: 29 }), { value: null, n: 60, reason: '29 trades, 30 are needed' })
  const flat = new Float64Array(80).fill(0.1)
  assert.deepEqual(sharpe(flat), { value: null, n: 80, reason: 'returns do not vary' })
  assert.deepEqual(sortino(flat), { value: null, n: 80, reason: 'no return below target' })
  assert.deepEqual(calmar([1, 2], 80), { value: null, n: 80, reason: 'no drawdown' })
  assert.deepEqual(cvar([], { minSessions: 0 }), { value: null, n: 0, reason: 'no returns' })
})

test('the floors are options', () => {
  assert.equal(sharpe(alternating.slice(0, 10), { minSessions: 10 }).n, 10)
  assert.ok(sharpe(alternating.slice(0, 10), { minSessions: 10 }).value !== null)
})

test('Sharpe per trade is not annualised', () => {
  near(sharpePerTrade(alternating).value, sharpeRatio(alternating) / Math.sqrt(252))
  assert.equal(sharpePerTrade([1, 2]).value, null)
})
