import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openCrew } from './crew.ts'

const thread = new URL('./fixtures/crew-thread.ts', import.meta.url)

test('every helper does the job on the same shared memory while the caller goes on', async t => {
  const crew = await openCrew({ thread, helpers: 2 })
  t.after(() => crew.close())
  const counts = new Int32Array(new SharedArrayBuffer(4))
  for (const round of [1, 2, 3]) {
    const finish = crew.start('count', { counts, by: 10 })
    Atomics.add(counts, 0, 1)
    assert.deepEqual(finish(), ['counted', 'counted'])
    assert.equal(counts[0], round * 21)
  }
})

test('what goes wrong in a helper is a fault where its result is wanted, and the crew works on', async t => {
  const crew = await openCrew({ thread, helpers: 1 })
  t.after(() => crew.close())
  assert.throws(crew.start('fault', {}), { code: 'TOO_FEW_ROWS' })
  assert.throws(crew.start('bug', {}), { code: 'THREAD_FAILED' })
  assert.throws(crew.start('unheard of', {}), { code: 'THREAD_FAILED' })
  assert.deepEqual(crew.start('count', { counts: new Int32Array(1), by: 1 })(), ['counted'])
})

test('a helper that never ends its part is given up', async t => {
  const crew = await openCrew({ thread, helpers: 1, patienceMs: 50 })
  t.after(() => crew.close())
  assert.throws(crew.start('sleep', {}), { code: 'THREAD_LOST' })
})

test('a thread that cannot start is refused', async () => {
  const missing = new URL('./fixtures/no-such-thread.ts', import.meta.url)
  await assert.rejects(openCrew({ thread: missing, helpers: 1 }), { code: 'THREAD_LOST' })
})
