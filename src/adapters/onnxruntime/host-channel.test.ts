import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { Fault } from '../../base/fault.ts'
import { seededRng } from '../../base/rng.ts'
import { asker, CHANNEL_VALUES, channelMemory } from './host-channel.ts'

/** A thread that gives each row back, late by the milliseconds its first value says; a negative one is a refusal. */
function echo(context: TestContext) {
  const memory = channelMemory()
  const script = `
    import { parentPort, workerData } from 'node:worker_threads'
    import { answerQuestions } from ${JSON.stringify(new URL('host-channel.ts', import.meta.url).href)}
    // Waiting for a bell alone keeps no thread alive.
    parentPort.on('message', () => {})
    await answerQuestions(workerData, async ({ rows, model, count }) => {
      if (rows[0] < 0) throw new Error('refused: ä')
      if (rows[0] > 0) await new Promise(resolve => setTimeout(resolve, rows[0]))
      const values = new Float32Array(rows.length + 2)
      values.set([model, count])
      values.set(rows, 2)
      return values
    })`
  const thread = new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`), { workerData: memory })
  context.after(() => thread.terminate())
  return { channel: asker(memory), end: () => thread.terminate() }
}

test('answers belong to their questions, whatever was given up before', context => {
  const { channel } = echo(context)
  const rng = seededRng('channel')
  let [late, answered] = [0, 0]
  channel.ask(1, Float32Array.of(0), 1, 60_000)
  for (let n = 1; n <= 400; n++) {
    const delay = rng.int(4)
    try {
      const answer = channel.ask(n, Float32Array.of(delay, n), n % 7, n % 3 === 0 ? 2_000 : 1 + rng.int(4))
      assert.deepEqual(answer, Float32Array.of(n, n % 7, delay, n))
      answered++
    } catch (cause) {
      assert.ok(cause instanceof Fault, String(cause))
      assert.equal(cause.code, 'INFERENCE_LATE')
      late++
    }
  }
  assert.ok(late > 0 && answered > 100, `${late} late, ${answered} answered`)
})

test('a refusal comes with its words, and the largest question fits', context => {
  const { channel } = echo(context)
  assert.throws(() => channel.ask(1, Float32Array.of(-1), 1, 10_000), {
    code: 'INFERENCE_FAILED',
    message: 'refused: ä',
  })
  const largest = new Float32Array(CHANNEL_VALUES - 2)
  largest[CHANNEL_VALUES - 3] = 5
  assert.equal(channel.ask(1, largest, 1, 10_000).at(-1), 5)
})

test('a thread that is gone is late', async context => {
  const { channel, end } = echo(context)
  await end()
  assert.throws(() => channel.ask(1, Float32Array.of(0), 1, 5), { code: 'INFERENCE_LATE' })
})
