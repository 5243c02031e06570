import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Fault } from '../../base/fault.ts'
import { lazyCrew } from './lazy-crew.ts'

const thread = new URL('./fixtures/crew-thread.ts', import.meta.url)
const never = (fault: Fault): never => {
  throw fault
}

test('threads are started once, and nobody is asked where none is wanted', async t => {
  assert.equal(await lazyCrew({ thread, helpers: 0, onRefused: never }).crew(), undefined)
  const threads = lazyCrew({ thread, helpers: 1, onRefused: never })
  t.after(() => threads.close())
  const counts = new Int32Array(new SharedArrayBuffer(4))
  for (const crew of await Promise.all([threads.crew(), threads.crew()])) {
    assert.equal(crew?.helpers, 1)
    assert.deepEqual(crew.start('count', { counts, by: 1 })(), ['counted'])
  }
  assert.equal(counts[0], 2)
})

test('where threads cannot be had the fits go on alone, and it is told', async () => {
  const told: string[] = []
  const missing = new URL('./fixtures/no-such-thread.ts', import.meta.url)
  const threads = lazyCrew({ thread: missing, helpers: 1, onRefused: ({ code }) => told.push(code) })
  assert.equal(await threads.crew(), undefined)
  assert.deepEqual(told, ['THREAD_LOST'])
  await threads.close()
})

test('after a helper is lost the next fit gets new threads', async t => {
  const threads = lazyCrew({ thread, helpers: 1, patienceMs: 50, onRefused: never })
  t.after(() => threads.close())
  assert.throws((await threads.crew())!.start('sleep', {}), { code: 'THREAD_LOST' })
  const crew = await threads.crew()
  assert.equal(crew?.helpers, 1)
})
