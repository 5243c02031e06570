import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../base/rng.ts'
import { monteCarlo } from './monte-carlo.ts'
import { sessionReturns } from './session-returns.ts'

const redo = () => Float64Array.of(10, -20)
const base = { capital: 100, ruinAt: 0.3, sessionReturns: new Float64Array(0), redo, rng: seededRng(1) }

test('two trades have two orders: the fall is 20 of 100 or 20 of 110', () => {
  const { reshuffle } = monteCarlo({ ...base, netDollars: [10, -20] })
  assert.ok(Math.abs(reshuffle!.maxDrawdown.low - 20 / 110) < 1e-12)
  assert.ok(Math.abs(reshuffle!.maxDrawdown.high - 0.2) < 1e-12)
  assert.equal(reshuffle!.riskOfRuin, 0)
})

test('risk of ruin is the share of orders that reach the limit', () => {
  // -20, -20, +40: the fall is 40 % when both losses come first or the win comes last or first, 40 / 140 = 28.6 % after the win.
  const { reshuffle } = monteCarlo({ ...base, netDollars: [40, -20, -20], runs: 3000 })
  // Orders: win first 28.6 %, win between 20 / 100 then 20 / 120, win last 40 %: one in three reaches 30 %.
  assert.ok(Math.abs(reshuffle!.riskOfRuin - 1 / 3) < 0.03)
})

test('equal returns can only be redrawn as themselves', () => {
  const { bootstrap } = monteCarlo({ ...base, netDollars: [], sessionReturns: Float64Array.of(0.1, 0.1) })
  assert.ok(Math.abs(bootstrap!.returnPct.low - 21) < 1e-9 && Math.abs(bootstrap!.returnPct.high - 21) < 1e-9)
  assert.deepEqual(bootstrap!.maxDrawdown, { low: 0, high: 0 })
})

test('bands of noisy bars are those of what the trades make there', () => {
  const { noise } = monteCarlo({ ...base, netDollars: [1], redo: rng => Float64Array.of(rng.next() < 0.5 ? 10 : -40) })
  const { low, high } = noise!.returnPct
  assert.ok(Math.abs(low + 40) < 1e-9 && Math.abs(high - 10) < 1e-9)
  assert.ok(Math.abs(noise!.riskOfRuin - 0.5) < 0.05)
  assert.equal(monteCarlo({ ...base, netDollars: [] }).noise, null)
})

test('the same seed draws the same bands', () => {
  const options = { ...base, netDollars: [5, -3, 2, -8, 4] }
  assert.deepEqual(monteCarlo({ ...options, rng: seededRng(3) }), monteCarlo({ ...options, rng: seededRng(3) }))
})

test('session returns take the last equity of each trade date', () => {
  const returns = sessionReturns([101, 102, 99, 99], ['a', 'a', 'b', 'c'], 100)
  assert.deepEqual([...returns], [102 / 100 - 1, 99 / 102 - 1, 0])
})
