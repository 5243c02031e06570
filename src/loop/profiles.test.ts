import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configEntries, loadConfig } from '../base/config.ts'
import { limitTable } from './limit-table.ts'
import { accountLimits, replayLimits } from './limits-of.ts'
import { PROFILES } from './profiles.ts'
import { settingsSchema } from './settings.ts'

const sources = (...sets: string[]) => ({ env: {}, sets, presets: PROFILES })
const load = (...sets: string[]) => loadConfig(settingsSchema, sources(...sets))

test("prop50k: $50,000, $1,000 a day, $2,000 trailing at the days' ends, five minis, a target of $3,000, in replays too", () => {
  const settings = load('tradingBot.profile=prop50k')
  assert.equal(settings.backtest.initialCapital, 50_000)
  for (const limits of [accountLimits(settings), replayLimits(settings, 'ES')]) {
    const { maxDailyLossDollars, maxDrawdownDollars, drawdownMode, maxMiniEquivalent, profitTargetDollars } = limits
    const rules = [maxDailyLossDollars, maxDrawdownDollars, drawdownMode, maxMiniEquivalent, profitTargetDollars]
    assert.deepEqual(rules, [1000, 2000, 'endOfDay', 5, 3000])
    const lines = new Map(limitTable(limits, 50_000).map(({ key, dollars }) => [key, dollars]))
    const money = ['maxDailyLoss', 'maxDrawdown', 'profitTargetDollars'].map(key => lines.get(`tradingBot.${key}`))
    assert.deepEqual(money, [1000, 2000, 3000])
  }
})

test('what is set by itself stands above the profile, and the configuration says which came from it', () => {
  const own = sources('tradingBot.profile=prop50k', 'tradingBot.maxDailyLossDollars=400')
  assert.equal(loadConfig(settingsSchema, own).tradingBot.maxDailyLossDollars, 400)
  const origin = new Map(configEntries(settingsSchema, own).map(({ key, source }) => [key, source]))
  assert.equal(origin.get('tradingBot.maxDrawdownDollars'), 'profile prop50k')
  assert.equal(origin.get('tradingBot.maxDailyLossDollars'), '--set tradingBot.maxDailyLossDollars=400')
  assert.equal(origin.get('tradingBot.maxWeeklyLossDollars'), 'default')
})

test('without a profile nothing is as in one, and one that nobody knows is refused by its key', () => {
  assert.equal(load().backtest.initialCapital, 100_000)
  assert.throws(() => load('tradingBot.profile=prop9k'), /tradingBot\.profile = "prop9k"/)
})
