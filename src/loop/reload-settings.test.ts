import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configEntries } from '../base/config.ts'
import { RELOADABLE, reloadSettings } from './reload-settings.ts'
import { settingsSchema } from './settings.ts'

test('what may change at once does, for whoever holds a part of the tree too; the rest needs a restart', () => {
  const live = settingsSchema.parse({})
  const { cloudSync, tradingBot } = live
  const next = settingsSchema.parse({
    log: { level: 'debug' },
    cloudSync: { intervalMinutes: 30 },
    training: { seed: 7, intervalMinutes: 60 },
    tradingBot: { maxRiskPerTrade: 2 },
  })
  assert.deepEqual(reloadSettings(live, next), {
    applied: ['training.intervalMinutes', 'cloudSync.intervalMinutes', 'log.level'],
    restart: ['training.seed', 'tradingBot.maxRiskPerTrade'],
  })
  assert.deepEqual([cloudSync.intervalMinutes, live.log.level, live.training.intervalMinutes], [30, 'debug', 60])
  assert.deepEqual([live.training.seed, tradingBot.maxRiskPerTrade], [42, 1])
  assert.deepEqual(reloadSettings(live, next).applied, [])
})

test('every pattern of what reloads names keys that there are', () => {
  const keys = configEntries(settingsSchema, { env: {}, sets: [] }).map(({ key }) => key)
  for (const pattern of RELOADABLE)
    assert.ok(
      keys.some(key => pattern.test(key)),
      String(pattern),
    )
})
