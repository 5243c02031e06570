import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withDeadline } from './deadline.ts'
import { Fault } from './fault.ts'
import { virtualTime } from './fixtures/virtual-time.ts'

const MINUTE = 60_000
const late = () => new Fault('LATE', 'took too long')
const hangs = () => new Promise<never>(() => {})

test('work that ends in time gives its value or its error, and leaves no wait open', async () => {
  const time = virtualTime()
  const { signal } = new AbortController()
  assert.equal(await withDeadline(async () => 7, { ms: MINUTE, timer: time.timer, signal, late }), 7)
  const broken = new Error('broken')
  await assert.rejects(
    withDeadline(() => Promise.reject(broken), { ms: MINUTE, timer: time.timer, signal, late }),
    broken,
  )
  assert.equal(time.sleepers(), 0)
})

test('work that is late fails with the fault given, and its signal says so', async () => {
  const time = virtualTime()
  const { signal } = new AbortController()
  let told: unknown
  const work = (own: AbortSignal) => {
    own.addEventListener('abort', () => (told = own.reason))
    return hangs()
  }
  const done = assert.rejects(withDeadline(work, { ms: MINUTE, timer: time.timer, signal, late }), { code: 'LATE' })
  await time.advance(MINUTE)
  await done
  assert.equal((told as Fault).code, 'LATE')
})

test('an abort ends work that hangs, with the reason of the signal', async () => {
  const time = virtualTime()
  const stop = new AbortController()
  const done = withDeadline(hangs, { ms: MINUTE, timer: time.timer, signal: stop.signal, late })
  const reason = new Fault('INTERRUPTED', 'stopped')
  stop.abort(reason)
  await assert.rejects(done, reason)
  assert.equal(time.sleepers(), 0)
})
