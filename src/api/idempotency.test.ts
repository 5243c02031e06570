import assert from 'node:assert/strict'
import { test } from 'node:test'
import { idempotency } from './idempotency.ts'

test('a key lasts a day and is then free for another request', async () => {
  let now = 0
  let times = 0
  const { once } = idempotency({ clock: { now: () => now }, keepMs: 1000 })
  const ask = (request: string) => once('k', request, async () => ++times)
  assert.deepEqual([await ask('a'), await ask('a')], [1, 1])
  await assert.rejects(ask('b'), { code: 'IDEMPOTENCY_KEY_REUSED' })
  now = 1000
  assert.equal(await ask('b'), 2)
})

test('without a key everything is done as often as it is asked', async () => {
  let times = 0
  const { once } = idempotency({ clock: { now: () => 0 }, keepMs: 1000 })
  for (let i = 0; i < 3; i++) await once(undefined, 'a', async () => ++times)
  assert.equal(times, 3)
})

test('no more keys are remembered than was said', async () => {
  let times = 0
  const { once } = idempotency({ clock: { now: () => 0 }, keepMs: 1000, keys: 2 })
  for (const key of ['a', 'b', 'c', 'd']) await once(key, 'x', async () => ++times)
  await once('d', 'x', async () => ++times)
  assert.equal(times, 4)
  await once('a', 'x', async () => ++times)
  assert.equal(times, 5)
})
