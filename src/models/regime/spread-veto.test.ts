import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reportLabel } from './report-label.ts'
import { spreadVeto } from './spread-veto.ts'

function judged(spreads: readonly number[]): (boolean | null)[] {
  const veto = spreadVeto()
  const state = veto.init()
  for (let i = 0; i < 100; i++) veto.update(state, 1)
  return spreads.map(spread => veto.update(state, spread))
}

test('entries are vetoed from 1.5 times the usual spread until it is below 1.2 times', () => {
  assert.deepEqual(judged([1.49, 1.5, 1.3, 1.2, 1.19, 1.4, 1]), [false, true, true, true, false, false, false])
})

test('between the two levels nothing changes, whatever was before', () => {
  assert.deepEqual(judged([1.3, 1.45, 1.25]), [false, false, false])
  assert.deepEqual(judged([2, 1.3, 1.45, 1.25]), [true, true, true, true])
})

test('what is usual is not known before 50 bars, and a spread of nothing is never wide', () => {
  const veto = spreadVeto()
  const state = veto.init()
  const first = Array.from({ length: 51 }, () => veto.update(state, 0))
  assert.deepEqual([first.indexOf(false), first[49]], [50, null])
})

test('the bar that is judged is not part of what is usual, and old bars are forgotten', () => {
  const veto = spreadVeto({ window: 4, fewest: 2 })
  const state = veto.init()
  for (const spread of [1, 1, 1, 1]) veto.update(state, spread)
  assert.deepEqual(
    [3, 3, 3, 3, 3].map(spread => veto.update(state, spread)),
    [true, true, true, false, false],
  )
})

test('state saved as JSON goes on the same', () => {
  const veto = spreadVeto({ fewest: 5 })
  const state = veto.init()
  const spreads = Array.from({ length: 60 }, (_, i) => 1 + Math.sin(i))
  for (const spread of spreads) veto.update(state, spread)
  const kept = JSON.parse(JSON.stringify(state)) as typeof state
  assert.deepEqual(
    spreads.map(spread => veto.update(kept, spread)),
    spreads.map(spread => veto.update(state, spread)),
  )
})

test('reports name the four corners of volatility and trend', () => {
  assert.deepEqual(
    [reportLabel(1, 0.6), reportLabel(0.99, -0.6), reportLabel(1.5, 0.59), reportLabel(0.5, 0)],
    ['HIGH_VOL_TREND', 'LOW_VOL_TREND', 'HIGH_VOL_RANGE', 'LOW_VOL_RANGE'],
  )
})
