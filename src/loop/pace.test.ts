import assert from 'node:assert/strict'
import { test } from 'node:test'
import { virtualTime } from '../base/fixtures/virtual-time.ts'
import { pacer } from './pace.ts'

const never = new AbortController().signal
const nothing = async (): Promise<void> => {}

test('twelve bars a second come 83 ms apart', async () => {
  const time = virtualTime()
  const { clock, timer } = time
  const pace = pacer({ clock, timer, barsPerSecond: 12 })
  const times: number[] = []
  const work = async (): Promise<void> => {
    for (let bar = 0; bar < 13; bar++) {
      await pace.turn(bar, nothing, never)
      times.push(clock.now())
    }
  }
  await time.through(work())
  assert.ok(Math.abs(times.at(-1)! - times[0]! - 1000) < 1, String(times))
})

test('a late bar is not made up for by a burst', async () => {
  const time = virtualTime()
  const { clock, timer } = time
  const pace = pacer({ clock, timer, barsPerSecond: 10 })
  await time.through(pace.turn(0, nothing, never))
  await time.advance(5000)
  const from = clock.now()
  const work = async (): Promise<void> => {
    for (let bar = 1; bar <= 11; bar++) await pace.turn(bar, nothing, never)
  }
  await time.through(work())
  assert.ok(clock.now() - from >= 900, `${clock.now() - from} ms for ten gaps`)
})

test('a pause holds the bar, commands are served meanwhile, and going on lets it come', async () => {
  const time = virtualTime()
  const { clock, timer } = time
  const pace = pacer({ clock, timer, barsPerSecond: null })
  pace.pause()
  let served = 0
  let came = false
  const between = async (): Promise<void> => {
    served++
    if (served === 3) pace.continue()
    else pace.wake()
  }
  const work = async (): Promise<void> => {
    await pace.turn(0, between, never)
    came = true
  }
  await time.through(work())
  assert.ok(came)
  assert.ok(served >= 3)
})

test('a jump waits for nothing until its time, then the pace is as before', async () => {
  const time = virtualTime()
  const { clock, timer } = time
  const pace = pacer({ clock, timer, barsPerSecond: 1 })
  pace.jump(1000)
  const from = clock.now()
  const work = async (): Promise<void> => {
    for (let knownAt = 0; knownAt < 1000; knownAt += 10) await pace.turn(knownAt, nothing, never)
  }
  await time.through(work())
  assert.ok(clock.now() - from < 1000)
  assert.equal(pace.state().jumpingTo, 1000)
  await time.through(pace.turn(1000, nothing, never))
  assert.equal(pace.state().jumpingTo, null)
  assert.ok(clock.now() - from >= 900)
})

test('an abort ends the wait with its reason', async () => {
  const { clock, timer } = virtualTime()
  const pace = pacer({ clock, timer, barsPerSecond: null })
  pace.pause()
  const stop = new AbortController()
  const waiting = pace.turn(0, nothing, stop.signal)
  const reason = new Error('enough')
  stop.abort(reason)
  await assert.rejects(waiting, reason)
})
