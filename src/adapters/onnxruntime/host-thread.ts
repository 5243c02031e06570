// The thread between those who decide and the processes that hold ONNX Runtime for them. It waits so that nobody else has to, starts a
// process that fell again with its models, and lets a worn one end with the last of them.

import { parentPort, workerData } from 'node:worker_threads'
import { Fault } from '../../base/fault.ts'
import { monotonicClock } from '../system/clock.ts'
import { answerQuestions } from './host-channel.ts'
import type { HostData, HostNews, HostRequest } from './host-message.ts'
import { type RuntimeProcess, runtimeProcess } from './runtime-process.ts'

const { memory, limits, stuckMs, batchMs, held } = workerData as HostData

/** Processes that fall more often within the window are not started again: the models are at fault, or the machine is. */
const MAX_FALLS = 3
const WINDOW_MS = 600_000
const LOAD_MS = 15_000

/** A process and what it holds. */
type Seat = { readonly process: RuntimeProcess; readonly ids: Set<number>; over: boolean }

const models = new Map<number, Uint8Array>()
const seats = new Map<number, Seat>()
const falls: number[] = []
let current: Seat | undefined
let starting: Promise<Seat> | undefined
let down: Fault | undefined
let closing = false

const tell = (news: HostNews): void => parentPort!.postMessage(news, [])

async function start(): Promise<Seat> {
  const process = await runtimeProcess({ limits, ...(held && { held }) })
  const seat: Seat = { process, ids: new Set(), over: false }
  current = seat
  void watch(seat)
  return seat
}

/** Where models are loaded, started where there is none. Several may ask at once. */
function seated(): Promise<Seat> {
  if (down !== undefined) return Promise.reject(down)
  if (current !== undefined) return Promise.resolve(current)
  starting ??= start().finally(() => (starting = undefined))
  return starting
}

async function place(id: number, bytes: Uint8Array): Promise<Seat> {
  const seat = await seated()
  await seat.process.ask({ kind: 'load', id }, bytes, LOAD_MS)
  seat.ids.add(id)
  seats.set(id, seat)
  return seat
}

async function watch(seat: Seat): Promise<void> {
  const fault = await seat.process.ended
  if (current === seat) current = undefined
  if (seat.over || closing) return
  for (const id of seat.ids) seats.delete(id)
  const now = monotonicClock.now()
  falls.push(now)
  while (falls[0]! < now - WINDOW_MS) falls.shift()
  if (falls.length > MAX_FALLS) {
    down = new Fault('HOST_DOWN', `its process fell ${falls.length} times: ${fault.message}`)
  }
  tell({ kind: 'fell', reason: fault.message, up: down === undefined })
  if (down !== undefined) return
  try {
    for (const id of seat.ids) {
      const bytes = models.get(id)
      if (bytes !== undefined) await place(id, bytes)
    }
  } catch (cause) {
    // The process that fell meanwhile has its own watch, which counts it.
    if (!(cause instanceof Fault && cause.code === 'RUNTIME_UNAVAILABLE')) return
    down = new Fault('HOST_DOWN', cause.message, { cause })
    tell({ kind: 'fell', reason: down.message, up: false })
  }
}

async function end(seat: Seat): Promise<void> {
  seat.over = true
  await seat.process.close()
}

async function release(id: number): Promise<void> {
  const seat = seats.get(id)
  models.delete(id)
  seats.delete(id)
  if (seat === undefined) return
  seat.ids.delete(id)
  // A process that ends takes its sessions with it.
  if (seat !== current && seat.ids.size === 0) await end(seat)
  else await seat.process.ask({ kind: 'release', id })
}

/** What is loaded from now on goes to another process. */
async function renew(): Promise<void> {
  const worn = current
  current = undefined
  if (worn?.ids.size === 0) await end(worn)
}

async function obey(request: HostRequest): Promise<Seat | undefined> {
  if (request.kind === 'load') {
    const seat = await place(request.id, request.bytes)
    models.set(request.id, request.bytes)
    return seat
  }
  if (request.kind === 'release') await release(request.id)
  if (request.kind === 'renew') await renew()
  if (request.kind !== 'close') return current
  closing = true
  await starting?.catch(() => undefined)
  await Promise.all([...new Set([...seats.values(), ...(current === undefined ? [] : [current])])].map(end))
  return undefined
}

async function answer(request: HostRequest): Promise<void> {
  const { n } = request
  try {
    const process = (await obey(request))?.process
    const resident = await process?.resident()
    tell({ kind: 'done', n, residentMb: resident?.nowMb ?? 0, pid: process?.pid })
  } catch (cause) {
    const fault = cause instanceof Fault ? cause : new Fault('HOST_FAILED', String(cause), { cause })
    tell({ kind: 'refused', n, code: fault.code, reason: fault.message })
  }
}

parentPort!.on('message', (request: HostRequest) => void answer(request))
await answerQuestions(memory, async ({ model, rows, count }) => {
  if (down !== undefined) throw down
  const seat = seats.get(model)
  // A decision does not wait for a process that starts.
  if (seat === undefined) throw new Fault('HOST_DOWN', `no process holds model ${model}`)
  const withinMs = count === 1 ? stuckMs : batchMs
  return (await seat.process.ask({ kind: 'run', id: model, count }, rows, withinMs)).values
})
