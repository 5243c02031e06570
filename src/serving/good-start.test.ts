import assert from 'node:assert/strict'
import { test } from 'node:test'
import { virtualTime } from '../base/fixtures/virtual-time.ts'
import { goodStart } from './good-start.ts'

function start() {
  const time = virtualTime()
  const stop = new AbortController()
  let healthy = 0
  const booted = { healthy: async () => void healthy++ }
  const { decided, over } = goodStart({ booted, timer: time.timer, signal: stop.signal })
  return { time, stop, decided, over, healthy: () => healthy }
}

test('a minute without trouble is a good start', async () => {
  const { time, over, healthy } = start()
  await time.advance(59_999)
  assert.equal(healthy(), 0)
  await time.advance(1)
  await over
  assert.equal(healthy(), 1)
})

test('a hundred decisions are a good start, however fast, and the wait for the minute ends', async () => {
  const { time, decided, over, healthy } = start()
  for (let n = 0; n < 99; n++) decided()
  await time.advance(0)
  assert.equal(healthy(), 0)
  for (let n = 0; n < 99; n++) decided()
  await over
  assert.deepEqual([healthy(), time.sleepers()], [1, 0])
})

test('one who stops before says nothing of the start', async () => {
  const { time, stop, over, healthy } = start()
  stop.abort(new Error('stopped'))
  await over
  assert.deepEqual([healthy(), time.sleepers()], [0, 0])
})
