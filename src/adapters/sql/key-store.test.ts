import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { monotonicClock } from '../system/clock.ts'
import { systemTimer } from '../system/timer.ts'
import { sqlKeyStore } from './key-store.ts'
import { openDatabase } from './open.ts'

const directory = mkdtempSync(join(tmpdir(), 'ratchet-keys-'))
const file = join(directory, 'ratchet.db')
before(async () => {
  const database = await openDatabase(file)
  await database.destroy()
})
after(() => rmSync(directory, { recursive: true }))

const clock = monotonicClock
const open = (patienceMs?: number) =>
  sqlKeyStore({ file, clock, timer: systemTimer, ...(patienceMs && { patienceMs }) })

test('a key that was taken is known to whoever opens the database next, with its answer', async t => {
  const first = open()
  assert.equal(await first.take('a', 'request', 10, 0), undefined)
  await first.answered('a', '{"done":1}')
  assert.equal(await first.take('b', 'request', 10, 0), undefined)
  await first.close()
  const next = open()
  t.after(() => next.close())
  assert.deepEqual(await next.take('a', 'other', 11, 0), { request: 'request', answer: '{"done":1}' })
  assert.deepEqual(await next.take('b', 'other', 11, 0), { request: 'request', answer: null })
  await next.release('b')
  assert.equal(await next.take('b', 'other', 12, 0), undefined)
})

test('keys of an earlier time are forgotten', async t => {
  const store = open()
  t.after(() => store.close())
  await store.take('c', 'request', 100, 0)
  assert.notEqual(await store.take('c', 'request', 101, 100), undefined)
  assert.equal(await store.take('c', 'request', 202, 101), undefined)
})

test('of two servers on one database one takes the key', async t => {
  const stores = [open(), open()]
  t.after(() => Promise.all(stores.map(store => store.close())))
  for (let i = 0; i < 20; i++) {
    const taken = await Promise.all(stores.map(store => store.take(`d${i}`, 'request', 1e6, 0)))
    assert.equal(taken.filter(known => known === undefined).length, 1)
  }
})

test('who writes for long is waited for without holding up the thread, and in the end it is said', async t => {
  const store = open(60)
  t.after(() => store.close())
  const other = new DatabaseSync(file)
  t.after(() => other.close())
  other.exec('begin immediate')
  await assert.rejects(store.take('e', 'request', 1e6, 0), { code: 'DATABASE_BUSY' })
  let turns = 0
  const waiting = open(60_000)
  t.after(() => waiting.close())
  const taken = waiting.take('e', 'request', 1e6, 0)
  for (; turns < 3; turns++) await systemTimer.sleep(1)
  other.exec('commit')
  assert.equal(await taken, undefined)
})
