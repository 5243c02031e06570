import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadConfig } from '../base/config.ts'
import { settingsSchema } from './settings.ts'
import { SETTING_ALIASES } from './settings-environment.ts'

const load = (...sets: string[]) => loadConfig(settingsSchema, { env: {}, sets })

test('the loop trains every 30 minutes and looks for releases every 15, never closer than 5', () => {
  const { training, cloudSync } = load()
  assert.equal(training.intervalMinutes, 30)
  assert.deepEqual(cloudSync, { enabled: true, intervalMinutes: 15, minGapMinutes: 5, passMinutes: 15 })
})

test('an interval below the least gap is refused by its key, and allowed with a smaller gap', () => {
  assert.throws(() => load('cloudSync.intervalMinutes=4'), {
    code: 'CONFIG_INVALID',
    message: /cloudSync\.intervalMinutes = 4 .*must not be less than cloudSync\.minGapMinutes/,
  })
  assert.equal(load('cloudSync.intervalMinutes=4', 'cloudSync.minGapMinutes=1').cloudSync.intervalMinutes, 4)
  assert.throws(() => load('cloudSync.minGapMinutes=0.5'), { code: 'CONFIG_INVALID' })
})

test('CLOUD_SYNC_INTERVAL_MINUTES is the interval', () => {
  const env = { CLOUD_SYNC_INTERVAL_MINUTES: '20' }
  const { cloudSync } = loadConfig(settingsSchema, { env, sets: [], aliases: SETTING_ALIASES })
  assert.equal(cloudSync.intervalMinutes, 20)
})
