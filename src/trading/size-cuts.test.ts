import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_CUTS, sizeWatch } from './size-cuts.ts'

/** Cuts after 40 trades of which the worst 2 lose so much; of the others each earns 0.5 R. */
function afterTail(worst: number) {
  const watch = sizeWatch()
  for (let i = 0; i < 40; i++) watch.trade(i % 20 === 7 ? worst : 0.5)
  return watch.cuts()
}

/** Cuts at a bar with this ATR after 20 sessions of five bars, whose ATRs were 1 to 100. */
function atAtr(atr: number, sessions = 20) {
  const watch = sizeWatch()
  for (let session = 0; session < sessions; session++) {
    for (let i = 0; i < 5; i++) watch.bar(`day ${session}`, 1 + session * 5 + i)
  }
  watch.bar('today', atr)
  return watch.cuts()
}

test('losses worse than planned: below -0.05 three quarters, below -0.1 half, never both', () => {
  const factors = [-1, -1.04, -1.06, -1.09, -1.11, -3].map(worst => afterTail(worst).tail)
  assert.deepEqual(factors, [1, 1, 0.75, 0.75, 0.5, 0.5])
  assert.ok(Math.abs(afterTail(-1.2).cvarExcess! + 0.2) < 1e-12)
})

test('fewer than 30 trades have no tail', () => {
  const watch = sizeWatch()
  for (let i = 0; i < 29; i++) watch.trade(-5)
  assert.deepEqual(watch.cuts(), NO_CUTS)
  watch.trade(-5)
  assert.deepEqual([watch.cuts().cvarExcess, watch.cuts().tail], [-4, 0.5])
})

test('of trades longer ago than the last 250 nothing is left', () => {
  const watch = sizeWatch()
  for (let i = 0; i < 50; i++) watch.trade(-5)
  for (let i = 0; i < 250; i++) watch.trade(0.5)
  assert.equal(watch.cuts().tail, 1)
})

test('rank of the volatility: above 0.9 x0.6, above 0.75 x0.8, below 0.25 x1.2', () => {
  const shown = [91, 90, 76, 75, 25, 24, 0, 1000].map(atr => {
    const { volatilityRank, volatility } = atAtr(atr)
    return [volatilityRank, volatility]
  })
  assert.deepEqual(shown, [
    [0.91, 0.6],
    [0.9, 0.8],
    [0.76, 0.8],
    [0.75, 1],
    [0.25, 1],
    [0.24, 1.2],
    [0, 1.2],
    [1, 0.6],
  ])
})

test('without 20 complete sessions, or without an ATR, nothing is said of the volatility', () => {
  assert.equal(atAtr(1000, 19).volatilityRank, null)
  assert.deepEqual(atAtr(Number.NaN), NO_CUTS)
})

test('a session that ends joins those it is measured against, and the 21st before leaves', () => {
  const watch = sizeWatch()
  for (let session = 0; session < 20; session++) watch.bar(`day ${session}`, 10)
  for (let session = 20; session < 40; session++) watch.bar(`day ${session}`, 20)
  watch.bar('today', 15)
  assert.equal(watch.cuts().volatilityRank, 0)
})
