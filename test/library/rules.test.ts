// What a runtime holds to: whose releases it takes, when it swaps, how it goes back, and that it has its directory to itself.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openRuntime } from '../../src/entry/serving.ts'
import { next, release, rowOf, TRUST, world } from './world.ts'

const first = release({ seed: 1 })
const second = release({ seed: 2, after: first })

test('an isFlat that throws holds an installed release until it says that the book is flat', async t => {
  const { place, open } = await world(t, 'files')
  await place.publish(first)
  const before = await open()
  await before.sync()
  await before.close()
  await place.publish(second)
  const broker = { broken: true, asked: 0 }
  const isFlat = async () => {
    broker.asked++
    if (broker.broken) throw new Error('no connection to the broker')
    return true
  }
  const runtime = await open({ isFlat, flatPollSeconds: 0.01 })
  const pass = runtime.sync()
  while (broker.asked < 10) await sleep(5)
  const held = runtime.decide('meta', rowOf(17, 1))
  assert.equal(held.ok && held.releaseId, first.releaseId)
  assert.equal(await Promise.race([pass, runtime.sync(), sleep(50, 'waits')]), 'waits')
  broker.broken = false
  assert.equal((await pass).inCharge, second.releaseId)
  const swapped = runtime.decide('meta', rowOf(17, 1))
  assert.equal(swapped.ok && swapped.releaseId, second.releaseId)
})

test('a swap that waited too long is given up and told, and taken at a later pass', async t => {
  const { place, open } = await world(t, 'files')
  await place.publish(first)
  let flat = false
  const runtime = await open({ isFlat: () => flat, flatPollSeconds: 0.01, maxWaitMinutes: 0.002 })
  assert.equal((await next(runtime, 'refused')).code, 'SWAP_STARVED')
  assert.equal(runtime.inCharge(), undefined)
  flat = true
  assert.equal((await runtime.sync()).inCharge, first.releaseId)
})

test('one who closes does not wait for the book', async t => {
  const { place, open } = await world(t, 'files')
  await place.publish(first)
  const broker = { asked: 0 }
  const runtime = await open({ isFlat: () => ++broker.asked < 0 })
  const pass = assert.rejects(runtime.sync(), { code: 'RUNTIME_CLOSED' })
  while (broker.asked === 0) await sleep(5)
  await runtime.close()
  await pass
  await runtime.close()
  const decision = runtime.decide('meta', rowOf(17, 1))
  assert.equal(decision.ok ? 'answered' : decision.fault.code, 'RUNTIME_CLOSED')
  await assert.rejects(runtime.rollback('too late'), { code: 'RUNTIME_CLOSED' })
})

test('a rollback puts the set before in charge at once, says so, and the set that left does not come back by itself', async t => {
  const { place, open } = await world(t, 'files')
  await place.publish(first)
  const runtime = await open()
  await runtime.sync()
  await place.publish(second)
  await runtime.sync()
  const told = next(runtime, 'swapped')
  const done = await runtime.rollback('worse than before')
  assert.ok(done.ok)
  const { cause, releaseId, previous } = await told
  assert.deepEqual([cause, releaseId, previous], ['rolledBack', first.releaseId, second.releaseId])
  assert.deepEqual([(await runtime.sync()).inCharge, runtime.inCharge()?.releaseId], [first.releaseId, first.releaseId])
  await runtime.close()
  const again = await open()
  const { inCharge, refused } = await again.sync()
  assert.deepEqual([inCharge, refused], [first.releaseId, []])
})

test('a directory has one runtime at a time', async t => {
  const { open } = await world(t, 'files')
  const runtime = await open()
  await assert.rejects(open(), { code: 'LOCK_BUSY' })
  await runtime.close()
  await (await open()).close()
})

test('a release for another symbol, another channel or of another key is not taken', async t => {
  const { place, open } = await world(t, 'files')
  await place.publish(first)
  const other = { ...TRUST, hmacKey: 'a key for tests that the publisher has not' }
  for (const [over, code] of [
    [{ symbol: 'ES' }, /^AUDIENCE$/],
    [{ channel: 'stable' }, /^AUDIENCE$/],
    [{ trust: other }, /^SIGNATURE/],
    [{ trust: { hmacKey: TRUST.hmacKey } }, /^SIGNATURE/],
  ] as const) {
    const runtime = await open(over)
    const { refused, inCharge } = await runtime.sync()
    assert.match(refused[0]?.code ?? 'none', code)
    assert.equal(inCharge, null)
    await runtime.close()
  }
})

test('what cannot work is refused before anything is opened', async t => {
  const { open, place } = await world(t, 'files')
  await assert.rejects(open({ trust: { hmacKey: 'short' } }), { code: 'KEY_TOO_SHORT' })
  const insecure = { kind: 'manifest', url: 'http://models.example.com' } as const
  await assert.rejects(open({ source: insecure }), { code: 'URL_INSECURE' })
  await assert.rejects(openRuntime({ source: place.source } as never), { code: 'OPTIONS_INVALID' })
  await (await open()).close()
})

test('listeners and logs that fail disturb nothing, and the log hears of the listeners', async t => {
  const { place, open } = await world(t, 'files')
  await place.publish(first)
  const events: string[] = []
  const runtime = await open({
    onLog({ event }) {
      events.push(event)
      throw new Error('the log is full')
    },
  })
  runtime.on('swapped', () => {
    throw new Error('a bug of the program')
  })
  assert.equal((await runtime.sync()).installed, 1)
  assert.ok(events.includes('model.swapped') && events.includes('runtime.failed'), events.join())
})
