import assert from 'node:assert/strict'
import { test } from 'node:test'
import { account, replayAccount } from '../trading/limits.ts'
import { limitTable } from './limit-table.ts'

const dollarsOf = (limits: Parameters<typeof limitTable>[0], equity: number) =>
  Object.fromEntries(
    limitTable(limits, equity).flatMap(({ key, dollars }) => (dollars === null ? [] : [[key.split('.')[1], dollars]])),
  )

test('each limit in money is resolved for the account, the smaller of fraction and dollars', () => {
  assert.deepEqual(dollarsOf(account(), 100_000), {
    maxRiskPerTrade: 1000,
    maxDailyLoss: 1000,
    maxWeeklyLossDollars: 3000,
    maxDrawdown: 2000,
    maxCorrelatedLossDollars: 1000,
  })
  assert.deepEqual(dollarsOf(account(), 20_000).maxDailyLoss, 400)
})

test('the account of a replay has fractions only', () => {
  assert.deepEqual(dollarsOf(replayAccount({ symbol: 'SPX' }), 100_000), {
    maxRiskPerTrade: 1000,
    maxDailyLoss: 2000,
    maxDrawdown: 20_000,
  })
})
