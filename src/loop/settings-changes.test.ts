import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryChanges } from '../serving/memory-changes.ts'
import type { PastRun } from '../trading/run-log.ts'
import type { State } from './ports.ts'
import { settingsSchema } from './settings.ts'
import { recordSettingsChanges } from './settings-changes.ts'

const clock = { now: () => 7 }

/** @param before configuration of the run before; undefined: there was none */
async function changes(before: object | undefined, now: object) {
  const parameterChanges = memoryChanges()
  const past = { runId: 'replay-1', configSnapshot: 'c1' } as PastRun
  const state = {
    parameterChanges,
    runLog: { latest: async () => (before === undefined ? undefined : past) },
    records: { configuration: async () => JSON.stringify(before) },
  } as unknown as State
  await recordSettingsChanges({ settings: settingsSchema.parse(now), runId: 'replay-2', clock }, state)
  return parameterChanges.newest(10)
}

test('what a run is configured with beside the one before is kept with its reason', async () => {
  const before = settingsSchema.parse({ brain: { minExpectedR: 0.05 } })
  const [change, ...rest] = await changes(before, { brain: { minExpectedR: 0.1 } })
  assert.deepEqual(rest, [])
  assert.deepEqual(change, {
    seq: 1,
    at: 7,
    strategyName: 'brain',
    parameterName: 'minExpectedR',
    oldValue: 0.05,
    newValue: 0.1,
    reason: 'configuration of replay-2, after replay-1',
  })
})

test('the first run, the same configuration, and keys of another version change nothing', async () => {
  assert.deepEqual(await changes(undefined, {}), [])
  assert.deepEqual(await changes(settingsSchema.parse({}), {}), [])
  assert.deepEqual(await changes({ brain: { minExpectedR: 0.05, gone: 1 } }, {}), [])
  assert.deepEqual(await changes({}, {}), [])
  const elsewhere = { ...settingsSchema.parse({}), training: { seed: 9 } }
  assert.deepEqual(await changes(elsewhere, {}), [])
})
