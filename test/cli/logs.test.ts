// `ratchet logs` and `ratchet metrics`: what a loop tells, for people and programs (OBS-04, OBS-05).

import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { test } from 'node:test'
import { logFile } from '../../src/adapters/files/log-file.ts'
import { lineLog } from '../../src/adapters/system/log.ts'
import { world } from './host.ts'

const NOW = Date.UTC(2026, 0, 15, 12)

test('logs shows lines by level, tag and time, the newest last', async context => {
  const { run, json, state } = await world(context, { clock: { now: () => NOW } })
  assert.match((await run('logs')).out, /^nothing was logged that fits$/m)
  mkdirSync(state)
  const write = logFile({ directory: state, onFault: cause => assert.fail(String(cause)) })
  for (const [minutesAgo, level, event, message] of [
    [90, 'info', 'sync.started', '[CLOUD-SYNC] Starting model synchronization...'],
    [60, 'warn', 'training.failed', 'TOO_FEW: not enough rows'],
    [5, 'info', 'model.swapped', '[CLOUD-SYNC] Model hot-swap completed successfully'],
  ] as const) {
    const clock = { now: () => NOW - minutesAgo * 60_000 }
    lineLog({ clock, write, format: 'json', level: 'info' }).write(level, event, message, { id: minutesAgo })
  }
  write('{"half of a li')
  const { out } = await run('logs')
  assert.deepEqual(out.trim().split('\n'), [
    '2026-01-15T10:30:00.000Z info  [CLOUD-SYNC] Starting model synchronization...',
    '2026-01-15T11:00:00.000Z warn  [JOBS] TOO_FEW: not enough rows',
    '2026-01-15T11:55:00.000Z info  [CLOUD-SYNC] Model hot-swap completed successfully',
  ])
  const ids = async (...options: string[]) =>
    ((await json('logs', ...options)).value['lines'] as readonly { readonly id: number }[]).map(({ id }) => id)
  assert.deepEqual(await ids('--tag', 'cloud-sync'), [90, 5])
  assert.deepEqual(await ids('--level', 'warn'), [60])
  assert.deepEqual(await ids('--since', '70m'), [60, 5])
  assert.deepEqual(await ids('--last', '1'), [5])
  assert.equal((await run('logs', '--level', 'loud')).code, 2)
})

test('metrics wants to know whom to ask, and says so', async context => {
  const { run } = await world(context)
  const { code, err } = await run('metrics')
  assert.equal(code, 2)
  assert.match(err, /--url http:\/\/127\.0\.0\.1:8000/)
})
