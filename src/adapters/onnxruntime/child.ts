// The process that holds ONNX Runtime: whatever a model does to native code, it does it here. Requests come by standard input and are
// answered in order on descriptor 3, where nothing that native code prints can get between.

import { writeSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { monotonicClock } from '../system/clock.ts'
import { bytesOf, type Frame, floatsOf, frameOf, frameReader } from './frames.ts'
import type { RuntimeReply, RuntimeRequest } from './message.ts'

/** One thread and no parallel branches, so that sums have one order. */
const OPTIONS: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  logSeverityLevel: 4,
}

const REPLIES = 3

const sessions = new Map<number, InferenceSession>()

function sessionOf(id: number): InferenceSession {
  const session = sessions.get(id)
  if (session === undefined) throw new Error(`no model ${id} is loaded`)
  return session
}

async function release(id: number): Promise<void> {
  const session = sessions.get(id)
  sessions.delete(id)
  await session?.release()
}

async function run(id: number, rows: Float32Array, count: number): Promise<Float32Array> {
  const session = sessionOf(id)
  const [input] = session.inputNames
  const [output] = session.outputNames
  if (input === undefined || output === undefined) throw new Error('the graph has no input or no output')
  const results = await session.run({ [input]: new Tensor('float32', rows, [count, rows.length / count]) }, [output])
  const values = results[output]?.data
  if (!(values instanceof Float32Array)) throw new Error(`output ${output} is not float32`)
  return values
}

async function time(
  { models, rows, untimed, turns }: Extract<RuntimeRequest, { kind: 'time' }>,
  body: Float32Array,
): Promise<Float32Array> {
  let start = 0
  const asked = models.map(({ id, width }) => {
    const own = body.subarray(start, start + rows * width)
    start += rows * width
    return { id, rowAt: (row: number) => own.subarray(row * width, (row + 1) * width) }
  })
  const taken = new Float32Array(turns)
  for (let turn = 0; turn < untimed + turns; turn++) {
    const from = monotonicClock.now()
    for (const { id, rowAt } of asked) await run(id, rowAt(turn % rows), 1)
    if (turn >= untimed) taken[turn - untimed] = monotonicClock.now() - from
  }
  return taken
}

async function answer({ head, body }: Frame): Promise<Float32Array | undefined> {
  const request = head as RuntimeRequest
  if (request.kind === 'load') {
    await release(request.id)
    sessions.set(request.id, await InferenceSession.create(body, OPTIONS))
    return undefined
  }
  if (request.kind === 'run') return run(request.id, floatsOf(body), request.count)
  if (request.kind === 'time') return time(request, floatsOf(body))
  await release(request.id)
  return undefined
}

/** A pipe takes as much as it has room for. */
function send(reply: RuntimeReply, values?: Float32Array): void {
  for (const piece of frameOf(reply, values && bytesOf(values))) {
    for (let sent = 0; sent < piece.length; ) sent += writeSync(REPLIES, piece, sent)
  }
}

async function reply(frame: Frame): Promise<void> {
  const from = monotonicClock.now()
  try {
    const values = await answer(frame)
    send({ ok: true, ms: Math.max(0, monotonicClock.now() - from) }, values)
  } catch (cause) {
    send({ ok: false, reason: (cause instanceof Error ? cause.message : String(cause)).slice(0, 4_096) })
  }
}

// Where the system does not end a child with its parent, a thread does: a native run next door sees nothing.
if (process.argv.includes('watch-parent')) {
  new Worker(new URL('parent-watch.ts', import.meta.url), { workerData: { parent: process.ppid } }).unref()
}

const read = frameReader()
let last: Promise<void> = Promise.resolve()
process.stdin.on('data', (chunk: Buffer) => {
  for (const frame of read(chunk)) last = last.then(() => reply(frame))
})
// Whoever asked is gone.
process.stdin.on('end', () => process.exit())
send({ ok: true, ms: 0 })
