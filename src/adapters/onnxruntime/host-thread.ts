// The thread between those who decide and a process that holds ONNX Runtime. It waits for the process so that nobody else has to, and
// starts it again with its models when it fell.

import { parentPort, workerData } from 'node:worker_threads'
import { Fault } from '../../base/fault.ts'
import { monotonicClock } from '../system/clock.ts'
import { answerQuestions } from './host-channel.ts'
import type { HostData, HostNews, HostRequest } from './host-message.ts'
import { type RuntimeProcess, runtimeProcess } from './runtime-process.ts'

const { memory, limits, stuckMs, batchMs, held } = workerData as HostData

/** A process that falls more often within the window stays down: its models are at fault, or the machine is. */
const MAX_FALLS = 3
const WINDOW_MS = 600_000
const LOAD_MS = 15_000

const models = new Map<number, Uint8Array>()
const falls: number[] = []
let child: RuntimeProcess | undefined
let down: Fault | undefined
let starting: Promise<RuntimeProcess> | undefined
let closing = false

const tell = (news: HostNews): void => parentPort!.postMessage(news, [])

async function start(): Promise<RuntimeProcess> {
  const made = await runtimeProcess({ limits, ...(held && { held }) })
  try {
    for (const [id, bytes] of models) await made.ask({ kind: 'load', id }, bytes, LOAD_MS)
  } catch (cause) {
    await made.close()
    throw cause
  }
  child = made
  void watch(made)
  return made
}

/** The process, started where there is none. Several may ask at once. */
function up(): Promise<RuntimeProcess> {
  if (down !== undefined) return Promise.reject(down)
  if (child !== undefined) return Promise.resolve(child)
  starting ??= start().finally(() => (starting = undefined))
  return starting
}

async function watch(made: RuntimeProcess): Promise<void> {
  const fault = await made.ended
  if (child === made) child = undefined
  if (closing) return
  const now = monotonicClock.now()
  falls.push(now)
  while (falls[0]! < now - WINDOW_MS) falls.shift()
  if (falls.length > MAX_FALLS)
    down = new Fault('HOST_DOWN', `its process fell ${falls.length} times: ${fault.message}`)
  tell({ kind: 'fell', reason: fault.message, up: down === undefined })
  if (down !== undefined || models.size === 0) return
  try {
    await up()
  } catch (cause) {
    down = new Fault('HOST_DOWN', cause instanceof Error ? cause.message : String(cause), { cause })
    tell({ kind: 'fell', reason: down.message, up: false })
  }
}

async function load(id: number, bytes: Uint8Array): Promise<void> {
  const process = await up()
  await process.ask({ kind: 'load', id }, bytes, LOAD_MS)
  models.set(id, bytes)
}

async function release(id: number): Promise<void> {
  models.delete(id)
  await child?.ask({ kind: 'release', id })
}

async function obey(request: HostRequest): Promise<void> {
  if (request.kind === 'load') return load(request.id, request.bytes)
  if (request.kind === 'release') return release(request.id)
  closing = true
  await starting?.catch(() => undefined)
  await child?.close()
}

async function answer(request: HostRequest): Promise<void> {
  const { n } = request
  try {
    await obey(request)
    const resident = await child?.resident()
    tell({ kind: 'done', n, residentMb: resident?.nowMb ?? 0, pid: child?.pid })
  } catch (cause) {
    const fault = cause instanceof Fault ? cause : new Fault('HOST_FAILED', String(cause), { cause })
    tell({ kind: 'refused', n, code: fault.code, reason: fault.message })
  }
}

parentPort!.on('message', (request: HostRequest) => void answer(request))
await answerQuestions(memory, async ({ model, rows, count }) => {
  if (down !== undefined) throw down
  // A decision does not wait for a process that starts.
  if (child === undefined) throw new Fault('HOST_DOWN', 'its process is being started')
  const withinMs = count === 1 ? stuckMs : batchMs
  return (await child.ask({ kind: 'run', id: model, count }, rows, withinMs)).values
})
