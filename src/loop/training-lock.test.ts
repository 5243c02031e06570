import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { withFileLock } from '../adapters/files/lock.ts'
import { Fault } from '../base/fault.ts'
import { alone, trainingLockOf } from './training-lock.ts'

test('a second training is refused in words while the first runs, and may run after it', async context => {
  const directory = await mkdtemp(join(tmpdir(), 'ratchet-training-'))
  context.after(() => rm(directory, { recursive: true }))
  const ports = { withLock: withFileLock }
  const answer = await alone(directory, ports, async () => {
    await assert.rejects(
      alone(directory, ports, async () => 2),
      { code: 'LOCK_BUSY', message: /another training/, place: trainingLockOf(directory) },
    )
    return 1
  })
  assert.equal(answer, 1)
  assert.equal(await alone(directory, ports, async () => 2), 2)
})

test('a lock of something else that the training came upon keeps its own words', async () => {
  const busy = new Fault('LOCK_BUSY', 'another process holds the lock', { place: '/tree/.publish.lock' })
  await assert.rejects(
    alone('/state', { withLock: (_, work) => work() }, () => Promise.reject(busy)),
    busy,
  )
})
