import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPool } from './pool.ts'

const thread = new URL('./fixtures/pool-thread.ts', import.meta.url)
const open = (members: number) => openPool({ thread, members, data: { by: 10 } })

test('more questions than members are all answered, each with its own answer', async t => {
  const pool = await open(2)
  t.after(() => pool.close())
  assert.deepEqual(await Promise.all([1, 2, 3, 4, 5].map(n => pool.ask(n))), [10, 20, 30, 40, 50])
})

test('a fault of a member is the fault of its question, and the member goes on', async t => {
  const pool = await open(1)
  t.after(() => pool.close())
  await assert.rejects(pool.ask('fault'), { code: 'TOO_FEW_ROWS' })
  assert.equal(await pool.ask(2), 20)
})

test('a member that ends loses its question alone; with the last one the others are lost too', async t => {
  const pool = await open(2)
  t.after(() => pool.close())
  await assert.rejects(pool.ask('bug'), { code: 'THREAD_LOST' })
  assert.deepEqual(await Promise.all([1, 2].map(n => pool.ask(n))), [10, 20])
  const lost = [pool.ask('bug'), pool.ask(1), pool.ask(2)].map(one => assert.rejects(one, { code: 'THREAD_LOST' }))
  await Promise.all(lost)
  await assert.rejects(pool.ask(1), { code: 'THREAD_LOST' })
})

test('closing ends what is still going on', async () => {
  const pool = await open(1)
  const asked = [pool.ask('never'), pool.ask(1)].map(one => assert.rejects(one, { code: 'THREAD_LOST' }))
  await pool.close()
  await Promise.all(asked)
})

test('a thread that cannot start is refused', async () => {
  const missing = new URL('./fixtures/no-such-thread.ts', import.meta.url)
  await assert.rejects(openPool({ thread: missing, members: 1, data: null }), { code: 'THREAD_LOST' })
})
