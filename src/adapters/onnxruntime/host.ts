// One host: a process with ONNX Runtime, a new one now and then, and the thread that waits for it. Asking blocks, never longer than a deadline; loading does not.

import { Worker } from 'node:worker_threads'
import { Fault } from '../../base/fault.ts'
import type { Confinement, Limits } from './confine.ts'
import { joined } from './frames.ts'
import { asker, CHANNEL_VALUES, channelMemory } from './host-channel.ts'
import type { HostData, HostNews, HostRequest } from './host-message.ts'

export type HostOptions = {
  readonly limits?: Limits
  readonly deadlineMs?: number
  /** Told when the process ended by itself; `up` says whether it comes back. */
  readonly onFall?: (reason: string, up: boolean) => void
  /** In place of what this system offers. */
  readonly held?: Confinement
}

export interface Host {
  /** Faults: those of `RuntimeProcess`. */
  load(id: number, bytes: Uint8Array): Promise<Standing>
  release(id: number): Promise<Standing>
  /** Further models go to a new process; the one before ends with its last model. */
  renew(): Promise<Standing>
  /** Blocks. Faults: `INFERENCE_LATE`, `INFERENCE_FAILED`. @param count more than one has time as batches need it */
  run(id: number, rows: Float32Array, count: number): Float32Array
  close(): Promise<void>
}

export type Standing = { readonly residentMb: number; readonly pid: number | undefined }

/** Rooms for the models of three sets, and the runtime's own. */
const HOST_LIMITS: Limits = Object.freeze({ memoryMb: 4_096, descriptors: 64 })

/** A batch is for gates, which nobody trades by the moment. */
const BATCH_MS = 15_000
/** After so long, and so many deadlines, a run is taken for stuck. */
const STUCK_MS = 1_000
const STUCK_DEADLINES = 10

type Waiting = { readonly resolve: (standing: Standing) => void; readonly reject: (fault: Fault) => void }
/** A request before it has its number. */
type Ask = HostRequest extends infer Each ? (Each extends HostRequest ? Omit<Each, 'n'> : never) : never

export function onnxRuntimeHost({
  limits = HOST_LIMITS,
  deadlineMs = 50,
  onFall = () => undefined,
  held,
}: HostOptions = {}): Host {
  const memory = channelMemory()
  const stuckMs = Math.max(STUCK_MS, STUCK_DEADLINES * deadlineMs)
  const workerData = { memory, limits, stuckMs, batchMs: BATCH_MS, ...(held && { held }) } satisfies HostData
  const thread = new Worker(new URL('host-thread.ts', import.meta.url), { workerData, execArgv: [] })
  thread.unref()
  const channel = asker(memory)
  const waiting = new Map<number, Waiting>()
  let asked = 0
  let over: Fault | undefined

  const end = (fault: Fault): void => {
    over ??= fault
    for (const { reject } of waiting.values()) reject(over)
    waiting.clear()
  }
  thread.on('message', (news: HostNews) => {
    if (news.kind === 'fell') return onFall(news.reason, news.up)
    const asker = waiting.get(news.n)
    waiting.delete(news.n)
    if (waiting.size === 0) thread.unref()
    if (news.kind === 'done') asker?.resolve({ residentMb: news.residentMb, pid: news.pid })
    else asker?.reject(new Fault(news.code, news.reason))
  })
  thread.on('error', cause => end(new Fault('HOST_DOWN', 'the thread of a host failed', { cause })))
  thread.on('exit', () => end(new Fault('HOST_DOWN', 'the thread of a host ended')))

  const request = (what: Ask): Promise<Standing> => {
    if (over !== undefined) return Promise.reject(over)
    const n = ++asked
    thread.ref()
    return new Promise((resolve, reject) => {
      waiting.set(n, { resolve, reject })
      thread.postMessage({ ...what, n } satisfies HostRequest, [])
    })
  }

  return {
    load: (id, bytes) => request({ kind: 'load', id, bytes }),
    release: id => request({ kind: 'release', id }),
    renew: () => request({ kind: 'renew' }),
    run(id, rows, count) {
      if (over !== undefined) throw new Fault('INFERENCE_FAILED', over.message, { cause: over })
      const width = rows.length / count
      const atOnce = Math.max(1, Math.floor(CHANNEL_VALUES / Math.max(width, 64)))
      if (count <= atOnce) return channel.ask(id, rows, count, count === 1 ? deadlineMs : BATCH_MS)
      const parts: Float32Array[] = []
      for (let at = 0; at < count; at += atOnce) {
        const part = rows.subarray(at * width, Math.min(count, at + atOnce) * width)
        parts.push(channel.ask(id, part, part.length / width, BATCH_MS))
      }
      return joined(parts)
    },
    async close() {
      if (over !== undefined) return
      await request({ kind: 'close' })
      await thread.terminate()
    },
  }
}
