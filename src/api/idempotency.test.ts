import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../base/fault.ts'
import { silentLog } from '../base/log.ts'
import type { KeyStore } from '../base/resilience/key-store.ts'
import { idempotency } from './idempotency.ts'

/** A store whose content is there for the next server too. */
function toyStore(): KeyStore {
  const rows = new Map<string, { request: string; at: number; answer: string | null }>()
  return {
    async take(key, request, at, oldest) {
      for (const [old, row] of rows) if (row.at < oldest) rows.delete(old)
      const known = rows.get(key)
      if (known === undefined) rows.set(key, { request, at, answer: null })
      return known
    },
    async answered(key, answer) {
      rows.get(key)!.answer = answer
    },
    async release(key) {
      rows.delete(key)
    },
  }
}

const clock = { now: () => 0 }
const plain = { clock, keepMs: 1000, log: silentLog }

test('a key lasts a day and is then free for another request', async () => {
  let now = 0
  let times = 0
  const { once } = idempotency({ ...plain, clock: { now: () => now }, store: toyStore() })
  const ask = (request: string) => once('k', request, async () => ++times)
  assert.deepEqual([await ask('a'), await ask('a')], [1, 1])
  await assert.rejects(ask('b'), { code: 'IDEMPOTENCY_KEY_REUSED' })
  now = 1001
  assert.equal(await ask('b'), 2)
})

test('without a key everything is done as often as it is asked', async () => {
  let times = 0
  const { once } = idempotency({ ...plain, store: toyStore() })
  for (let i = 0; i < 3; i++) await once(undefined, 'a', async () => ++times)
  assert.equal(times, 3)
})

test('the next server on the same store answers what was answered, and says when it cannot know', async () => {
  const store = toyStore()
  const first = idempotency({ ...plain, store })
  assert.deepEqual(await first.once('done', 'a', async () => ({ done: 'yes' })), { done: 'yes' })
  void first.once('cut off', 'a', () => new Promise(() => {}))
  const next = idempotency({ ...plain, store })
  assert.deepEqual(await next.once('done', 'a', () => assert.fail('done twice')), { done: 'yes' })
  await assert.rejects(
    next.once('done', 'b', async () => 1),
    { code: 'IDEMPOTENCY_KEY_REUSED' },
  )
  await assert.rejects(
    next.once('cut off', 'a', async () => 1),
    { code: 'IDEMPOTENCY_OUTCOME_UNKNOWN' },
  )
})

test('what was refused gives its key back', async () => {
  const { once } = idempotency({ ...plain, store: toyStore() })
  await assert.rejects(once('k', 'a', () => Promise.reject(new Fault('NOT_RUNNING', 'nothing runs'))))
  assert.equal(await once('k', 'b', async () => 7), 7)
})

test('an answer that cannot be kept is given all the same', async () => {
  const store = { ...toyStore(), answered: () => Promise.reject(new Fault('DATABASE_BUSY', 'busy')) }
  const { once } = idempotency({ ...plain, store })
  assert.equal(await once('k', 'a', async () => 7), 7)
  await assert.rejects(
    once('k', 'a', async () => 7),
    { code: 'IDEMPOTENCY_OUTCOME_UNKNOWN' },
  )
})
