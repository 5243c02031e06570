// Two loops on one state directory: the second is refused before it shows anything, and names the first (INST-04).

import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { test } from 'node:test'
import { withFileLock } from '../../src/adapters/files/lock.ts'
import { Fault } from '../../src/base/fault.ts'
import { runLockOf } from '../../src/loop/run-lock.ts'
import { world } from './host.ts'

test('a second loop ends with 5 and names the first; no page is opened', async context => {
  let pages = 0
  const window = () => {
    pages++
    return Promise.reject(new Fault('NO_WINDOW', 'there is no page here'))
  }
  const { run, state } = await world(context, { ports: { window } })
  mkdirSync(state, { mode: 0o700 })
  const { code, err } = await withFileLock(runLockOf(state), () => run('up'))
  assert.equal(code, 5, err)
  const holder = process.platform === 'linux' ? 'this process' : 'another process'
  assert.ok(err.includes(`LOCK_BUSY: ${holder} holds the lock`), err)
  assert.equal(pages, 0)
})
