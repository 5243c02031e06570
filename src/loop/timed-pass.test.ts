import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../base/fault.ts'
import { virtualTime } from '../base/fixtures/virtual-time.ts'
import { timedPass } from './timed-pass.ts'

const MINUTE = 60_000
const STOPPED = new Error('stopped')

test('a pass that hangs is given up at its deadline, and its signal says why', async () => {
  const time = virtualTime(0)
  let own: AbortSignal | undefined
  const hanging = (signal: AbortSignal) => {
    own = signal
    return new Promise<never>(() => {})
  }
  const request = {
    source: 'https://slow.example',
    ms: 15 * MINUTE,
    timer: time.timer,
    signal: new AbortController().signal,
  }
  const passed = assert.rejects(timedPass(hanging, request), { code: 'SYNC_DEADLINE', place: 'https://slow.example' })
  await time.advance(15 * MINUTE)
  await passed
  assert.ok(own?.reason instanceof Fault)
  assert.equal(own.reason.code, 'SYNC_DEADLINE')
  assert.equal(time.sleepers(), 0)
})

test('a pass that is called off ends in its own time', async () => {
  const time = virtualTime(0)
  const stop = new AbortController()
  const order: string[] = []
  const careful = async (signal: AbortSignal) => {
    await time.timer.sleep(MINUTE)
    order.push('installed')
    signal.throwIfAborted()
  }
  const passed = timedPass(careful, { source: 'a', ms: 15 * MINUTE, timer: time.timer, signal: stop.signal }).catch(
    cause => {
      order.push('ended')
      return cause as unknown
    },
  )
  stop.abort(STOPPED)
  await time.advance(0)
  assert.deepEqual(order, [])
  await time.advance(MINUTE)
  assert.equal(await passed, STOPPED)
  assert.deepEqual(order, ['installed', 'ended'])
})
