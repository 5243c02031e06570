import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadConfig } from '../base/config.ts'
import { DEFAULT_LIMITS } from '../trading/limits.ts'
import { accountLimits, gateLimits, replayLimits } from './limits-of.ts'
import { settingsSchema } from './settings.ts'

const load = (...sets: string[]) => loadConfig(settingsSchema, { env: {}, sets })

test('whoever trades by the clock has every limit of the chapter, and an operator ends a drawdown halt', () => {
  assert.deepEqual(accountLimits(load()), DEFAULT_LIMITS)
  const { maxDailyLossDollars, maxWeeklyLossDollars, maxDrawdown, maxDrawdownDollars, resumeBars } = DEFAULT_LIMITS
  const figures = [maxDailyLossDollars, maxWeeklyLossDollars, maxDrawdown, maxDrawdownDollars, resumeBars]
  assert.deepEqual(figures, [1000, 3000, 0.05, 2000, undefined])
  assert.deepEqual(DEFAULT_LIMITS.allowedSymbols, ['ES', 'MES', 'NQ', 'MNQ'])
})

test('a replay has fractions only, trades what it replays, and ends a drawdown halt after 63 bars', () => {
  const limits = replayLimits(load('training.everyBars=200'), 'SPX')
  const { maxDailyLossDollars, maxWeeklyLossDollars, maxDrawdownDollars, maxCorrelatedLossDollars } = limits
  const money = [maxDailyLossDollars, maxWeeklyLossDollars, maxDrawdownDollars, maxCorrelatedLossDollars]
  assert.deepEqual(money, [undefined, undefined, undefined, undefined])
  assert.deepEqual([limits.maxDailyLoss, limits.maxDrawdown, limits.resumeBars], [0.02, 0.2, 63])
  assert.deepEqual(limits.allowedSymbols, ['SPX'])
})

test('a limit that a person set binds both accounts, also where it is what one of them has anyway', () => {
  const sets = ['tradingBot.maxDrawdown=0.05', 'tradingBot.maxWeeklyLossDollars=700']
  for (const limits of [accountLimits(load(...sets)), replayLimits(load(...sets), 'SPX')]) {
    assert.deepEqual([limits.maxDrawdown, limits.maxWeeklyLossDollars], [0.05, 700])
  }
})

test('dollars where a fraction belongs are refused with the key for dollars', () => {
  assert.throws(() => load('tradingBot.maxDrawdown=2000'), /maxDrawdown = 2000 .*use maxDrawdownDollars/)
})

test('a floor of gate G12 that a person set stands beside those that nobody did', () => {
  const { floor, failOnNanInfinity } = gateLimits(load('gates.floor.minAuc=0.7', 'gates.failOnNanInfinity=false'))
  assert.deepEqual([floor.minAuc, floor.maxEce, floor.maxDriftScore, failOnNanInfinity], [0.7, 0.05, 0.15, false])
})

test('a replay trades what it replays, whatever the account by the clock may trade', () => {
  const settings = load('tradingBot.allowedSymbols=["NQ"]')
  assert.deepEqual(accountLimits(settings).allowedSymbols, ['NQ'])
  assert.deepEqual(replayLimits(settings, 'SPX').allowedSymbols, ['SPX'])
})
