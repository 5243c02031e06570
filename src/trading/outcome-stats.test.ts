import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addOutcome, outcomeStats, outcomesSoFar } from './outcome-stats.ts'

function after(outcomes: readonly number[]) {
  const state = outcomeStats()
  for (const r of outcomes) addOutcome(state, r)
  return outcomesSoFar(state)
}

test('before any outcome the columns are neutral', () => {
  assert.deepEqual(after([]), { priorWinRate: 0.5, avgRMultiple: 0, drawdownRisk: 0 })
})

test('win rate and average R are shrunk by ten outcomes; an R of 0 is no win', () => {
  assert.deepEqual(after([2, -1, 0, 1]), { priorWinRate: 7 / 14, avgRMultiple: 2 / 14, drawdownRisk: 0 })
})

test('only the last 100 outcomes count for win rate and average R', () => {
  const stats = after([...Array<number>(50).fill(-1), ...Array<number>(100).fill(2)])
  assert.equal(stats.priorWinRate, 105 / 110)
  assert.equal(stats.avgRMultiple, 200 / 110)
})

test('drawdown is measured from the peak of the cumulative R, in tens of R', () => {
  assert.equal(after([4, -1, -1.5]).drawdownRisk, 0.25)
  assert.equal(after([-3]).drawdownRisk, 0.3)
  assert.equal(after([4, -2, 3]).drawdownRisk, 0)
  assert.equal(after(Array<number>(30).fill(-1)).drawdownRisk, 1)
})
