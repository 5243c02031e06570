// Starts the thread that serves and talks to it. The loop may keep its own thread busy for seconds: the window answers all the same.

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { Fault, type Outcome } from '../../base/fault.ts'
import type { ReadingListener } from '../../base/meter.ts'
import type { CallListener } from '../../base/resilience/call-fact.ts'
import type { Timer } from '../../base/timer.ts'
import type { FromWindow, ToWindow } from './message.ts'
import { faultOf, wireOutcome } from './wire.ts'

/** Between two signs of life. */
const BEAT_MS = 1000

/** Answers are short-lived and small; without a limit the room for new objects grows with the longest list, and stays. */
const YOUNG_MB = 16

export type WindowOptions<Command> = {
  /** The file that the thread runs. */
  readonly thread: URL
  /** Plain data for it. */
  readonly data: unknown
  readonly timer: Timer
  readonly control: { send(command: Command): Promise<Outcome<string>> }
  /** Tells of calls to places outside; gives the way to stop. */
  readonly onCall?: ((listener: CallListener) => () => void) | undefined
  /** Tells what the loop measures of itself; gives the way to stop. */
  readonly onReadings?: ((listener: ReadingListener<string>) => () => void) | undefined
  /** How long a close may take before the thread is ended. */
  readonly drainMs?: number
}

export interface Window<Live> {
  readonly url: string
  readonly port: number
  /** Events up to this seq may be read. */
  committed(seq: number): void
  live(state: Live): void
  /** Ends streams and connections; at the latest after `drainMs` the thread is gone. */
  close(): Promise<void>
}

/**
 * Resolves when the server listens.
 * Faults: those of listening (`PORT_BUSY`, `HOST_NOT_LOOPBACK`, ...) and of opening the state, `WINDOW_FAILED`.
 */
export async function openWindow<Command, Live>(options: WindowOptions<Command>): Promise<Window<Live>> {
  const { thread, data, timer, control, onCall, onReadings, drainMs = 2000 } = options
  const worker = new Worker(thread, {
    workerData: data,
    execArgv: [],
    name: 'window',
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  })
  const tell = (message: ToWindow<Live>): void => worker.postMessage(message, [])
  const exited = once(worker, 'exit')
  const stops = [
    onCall?.(fact => tell({ type: 'call', fact })),
    onReadings?.(readings => tell({ type: 'readings', readings })),
  ]
  const failure = Promise.withResolvers<never>()
  // Whoever waits for a start hears of it; later the server is gone and says so by not answering.
  failure.promise.catch(() => undefined)
  worker.once('error', cause =>
    failure.reject(new Fault('WINDOW_FAILED', `the server ended: ${String(cause)}`, { cause })),
  )

  const obey = async (id: number, command: Command): Promise<void> => {
    const outcome = await control.send(command).catch((cause: unknown): Outcome<string> => {
      if (cause instanceof Fault) return { ok: false, fault: cause }
      return { ok: false, fault: new Fault('COMMAND_FAILED', 'the loop could not do it; its log says why', { cause }) }
    })
    tell({ type: 'answer', id, outcome: wireOutcome(outcome) })
  }
  const started = Promise.withResolvers<{ readonly url: string; readonly port: number }>()
  worker.on('message', (message: FromWindow<Command>) => {
    if (message.type === 'command') void obey(message.id, message.command)
    else if (message.type === 'listening') started.resolve(message)
    else if (message.type === 'failed') started.reject(faultOf(message.fault))
  })
  const { url, port } = await Promise.race([
    started.promise,
    failure.promise,
    exited.then(() => {
      throw new Fault('WINDOW_FAILED', 'the server ended before it listened')
    }),
  ])
  const over = new AbortController()
  const beat = async (): Promise<void> => {
    for (;;) {
      tell({ type: 'beat' })
      await timer.sleep(BEAT_MS, over.signal)
    }
  }
  // Ends with the window, and with nothing else.
  beat().catch(() => undefined)
  return {
    url,
    port,
    committed: seq => tell({ type: 'committed', seq }),
    live: state => tell({ type: 'live', state }),
    async close() {
      for (const stop of stops) stop?.()
      over.abort()
      tell({ type: 'close' })
      const patience = new AbortController()
      const late = timer.sleep(drainMs, patience.signal).then(
        () => 'late',
        () => 'closed',
      )
      if ((await Promise.race([exited, late])) === 'late') await worker.terminate()
      patience.abort()
    },
  }
}
