import assert from 'node:assert/strict'
import { test } from 'node:test'
import { virtualTime } from './fixtures/virtual-time.ts'
import { speedClock } from './speed-clock.ts'

test('an hour at speed 3600 takes a second', async () => {
  const machine = virtualTime(5000)
  const fast = speedClock({ ...machine, speed: 3600, startMs: 1_000_000 })
  assert.equal(fast.now(), 1_000_000)
  const woken = fast.sleep(3_600_000).then(() => machine.clock.now())
  await machine.advance(5000)
  assert.equal(await woken, 6000)
  assert.equal(fast.now(), 1_000_000 + 5 * 3_600_000)
})

test('a speed at which time would stand still or go back is refused', () => {
  const machine = virtualTime()
  for (const speed of [0, -1, Number.NaN]) {
    assert.throws(() => speedClock({ ...machine, speed, startMs: 0 }), RangeError)
  }
})
