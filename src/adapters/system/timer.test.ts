import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../../base/fault.ts'
import { systemTimer } from './timer.ts'

const openTimers = () => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length

test('a wait takes its time', async () => {
  const before = process.hrtime.bigint()
  await systemTimer.sleep(20)
  assert.ok(process.hrtime.bigint() - before >= 19_000_000n)
})

test('an abort ends a wait with the reason of the signal, and no timer stays behind', async () => {
  const before = openTimers()
  const stop = new AbortController()
  const waits = Array.from({ length: 1000 }, () => systemTimer.sleep(3e9, stop.signal))
  assert.ok(openTimers() > before)
  const reason = new Fault('INTERRUPTED', 'stopped')
  stop.abort(reason)
  for (const result of await Promise.allSettled(waits)) {
    assert.equal(result.status, 'rejected')
    assert.equal(result.reason, reason)
  }
  assert.equal(openTimers(), before)
})

test('a signal that is aborted already ends the wait before it begins', async () => {
  const reason = new Fault('INTERRUPTED', 'stopped')
  await assert.rejects(systemTimer.sleep(1e6, AbortSignal.abort(reason)), reason)
})
