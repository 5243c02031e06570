import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from './fault.ts'
import { virtualTime } from './fixtures/virtual-time.ts'
import { sleepUntil } from './sleep-until.ts'

const MINUTE = 60_000

/** Virtual time whose clock can be set as people and time servers do; nobody wakes by it. */
function settable(startMs = 0) {
  const time = virtualTime(startMs)
  let offset = 0
  const clock = { now: () => time.clock.now() + offset }
  return { ...time, clock, set: (ms: number) => (offset += ms - clock.now()) }
}

/** What the clock showed when the sleep ended. */
async function wakesAt(atMs: number, time: ReturnType<typeof settable>): Promise<number> {
  await sleepUntil(atMs, time)
  return time.clock.now()
}

test('a sleep ends at the time asked for, and at once when that is over', async () => {
  const time = settable()
  const woken = wakesAt(90 * MINUTE + 1, time)
  await time.advance(100 * MINUTE)
  assert.equal(await woken, 90 * MINUTE + 1)
  assert.equal(await wakesAt(MINUTE, time), 100 * MINUTE)
})

test('a clock that leaps forward is followed within a minute', async () => {
  const time = settable()
  const woken = wakesAt(600 * MINUTE, time)
  await time.advance(MINUTE / 2)
  time.set(700 * MINUTE)
  await time.advance(2 * MINUTE)
  assert.equal(await woken, 700.5 * MINUTE)
})

test('a clock that was put back ends the sleep within a minute, so that the caller looks again', async () => {
  const time = settable(1000 * MINUTE)
  const woken = wakesAt(1060 * MINUTE, time)
  await time.advance(MINUTE / 2)
  time.set(10 * MINUTE)
  await time.advance(2 * MINUTE)
  assert.equal(await woken, 10.5 * MINUTE)
})

test('an abort ends a sleep with the reason of the signal and leaves no wait open', async () => {
  const time = settable()
  const stop = new AbortController()
  const slept = sleepUntil(MINUTE, time, stop.signal)
  const reason = new Fault('INTERRUPTED', 'stopped')
  stop.abort(reason)
  await assert.rejects(slept, reason)
  assert.equal(time.sleepers(), 0)
})
