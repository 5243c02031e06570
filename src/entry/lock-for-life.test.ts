import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { withFileLock } from '../adapters/files/lock.ts'
import { lockForLife } from './lock-for-life.ts'

test('a lock is held until it is given back, and then free for the next one', async t => {
  const directory = await mkdtemp(join(tmpdir(), 'ratchet-lock-'))
  t.after(() => rm(directory, { recursive: true }))
  const path = join(directory, 'lock')
  const unlock = await lockForLife(path, withFileLock)
  await assert.rejects(lockForLife(path, withFileLock), { code: 'LOCK_BUSY' })
  await unlock()
  await unlock()
  await (await lockForLife(path, withFileLock))()
})
