import assert from 'node:assert/strict'
import { test } from 'node:test'
import { replayClock } from '../../base/clock.ts'
import type { StoredRun } from '../../trading/read-model.ts'
import { settingsSchema } from '../settings.ts'
import { dataView } from './data-view.ts'
import type { ViewPorts } from './view-ports.ts'

const HOUR = 3_600_000
const run = { runId: 'clock-stable-SPX', channel: 'stable', symbol: 'SPX' } as StoredRun
const sets = [10, 30, 20].map(hour => ({
  symbol: 'SPX',
  source: 'file',
  barMs: HOUR,
  lastTime: hour * HOUR,
  report: '{}',
}))

const at = (hour: number, of = run) =>
  dataView(of, settingsSchema.parse({}), {
    clock: replayClock(hour * HOUR),
    dataSets: { list: async () => sets } as unknown as ViewPorts['dataSets'],
  })

test('data is as old as the newest bar of the symbol, and expires by the age of its source', async () => {
  const fresh = await at(54)
  assert.deepEqual([fresh?.knownAt, fresh?.ageMs, fresh?.state], [31 * HOUR, 23 * HOUR, 'current'])
  assert.equal((await at(56))?.state, 'expired')
})

test('a replay is at the time of its bars', async () => {
  assert.equal(await at(56, { ...run, runId: 'replay-1' }), null)
})
