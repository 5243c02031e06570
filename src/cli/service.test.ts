import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../base/fault.ts'
import { untilStopped } from './service.ts'

const stoppedBy = (place: string) => AbortSignal.abort(new Fault('INTERRUPTED', 'stopped by a signal', { place }))

test('fault 167: a service that SIGTERM stopped has done its work; one that Ctrl-C stopped was interrupted', async () => {
  const term = stoppedBy('SIGTERM')
  assert.equal(await untilStopped(term, Promise.reject(term.reason)), 0)
  const int = stoppedBy('SIGINT')
  await assert.rejects(untilStopped(int, Promise.reject(int.reason)), { code: 'INTERRUPTED' })
})

test('what failed while it stopped, or before, is still a failure', async () => {
  const lost = new Fault('DISK_IO', 'the disk is gone')
  await assert.rejects(untilStopped(stoppedBy('SIGTERM'), Promise.reject(lost)), lost)
  await assert.rejects(untilStopped(new AbortController().signal, Promise.reject(lost)), lost)
})
