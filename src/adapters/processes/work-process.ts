// A process that works on one task at a time, started with the first and kept for the next if that comes soon. It may grow only so far, and stopping it is
// killing it: what it computes is handed back whole or not at all.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Fault } from '../../base/fault.ts'
import { faultOf, wireFault } from '../threads/wire.ts'
import { type FromProcess, OVERGROWN, type ToProcess, type WireAnswer } from './message.ts'

export type WorkProcessOptions = {
  /** The program, which calls `serveWork`. */
  readonly file: URL
  /** Resident, MiB. */
  readonly memoryMb: number
  /** Without a task for so long it is ended: what it holds others may need. */
  readonly idleMs?: number
}

/** Answers what the process asks while it works. */
export type Answers = (name: string, value: never) => unknown

export interface WorkProcess {
  /**
   * Faults: those of the work; `PROCESS_FAILED` for what it did not expect, `PROCESS_MEMORY` where it grew too large, `PROCESS_LOST`
   * naming how it ended otherwise, `PROCESS_STOPPED` when the signal aborts. The process is gone after each of them.
   */
  run(task: unknown, answers: Answers, signal?: AbortSignal): Promise<unknown>
  /** Processor time of all that worked so far, as far as they told. */
  cpuMs(): number
  /** SIGKILL; resolves when it is gone. */
  close(): Promise<void>
}

const isGone = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null

async function kill(child: ChildProcess): Promise<void> {
  if (isGone(child) || child.pid === undefined) return
  const gone = once(child, 'exit')
  // Nothing else may be left that keeps whoever waits alive.
  child.ref()
  child.kill('SIGKILL')
  await gone
}

async function answerTo(answers: Answers, name: string, value: unknown): Promise<WireAnswer> {
  try {
    return { ok: true, value: await answers(name, value as never) }
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause
    return { ok: false, fault: wireFault(cause) }
  }
}

/** @example await workProcess({ file, memoryMb: 2048 }).run(task, () => undefined) */
export function workProcess({ file, memoryMb, idleMs = 60_000 }: WorkProcessOptions): WorkProcess {
  let child: ChildProcess | undefined
  let idle: NodeJS.Timeout | undefined
  /** Of processes that are gone, and of the one that is there. */
  const cpu = { gone: 0, here: 0 }

  const started = (): ChildProcess => {
    if (child !== undefined && !isGone(child)) return child
    cpu.gone += cpu.here
    cpu.here = 0
    child = fork(fileURLToPath(file), [String(memoryMb)], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      // Heap beyond the cap is seen as memory beyond the cap.
      execArgv: [`--max-old-space-size=${memoryMb}`],
    })
    return child
  }
  /** Nobody waits for its end, and the next task gets another. */
  const letGo = (): void => {
    child?.kill('SIGKILL')
    child = undefined
  }
  const endOf = (status: number | null, by: NodeJS.Signals | null): Fault =>
    by === OVERGROWN || by === 'SIGABRT'
      ? new Fault('PROCESS_MEMORY', `it took more than ${memoryMb} MiB`)
      : new Fault('PROCESS_LOST', `the process ended with ${by ?? `status ${status}`}`)

  return {
    async run(task, answers, signal) {
      if (signal?.aborted === true) throw new Fault('PROCESS_STOPPED', 'the work was stopped before it began')
      clearTimeout(idle)
      const own = started()
      const over = Promise.withResolvers<unknown>()
      const send = (message: ToProcess): void => {
        // What cannot be written meets a process that is ending: its exit says why.
        if (own.connected) own.send(message, () => undefined)
      }
      const heard = (message: unknown): void => {
        const told = message as FromProcess
        cpu.here = told.cpuMs
        if (told.kind === 'done') {
          if (told.answer.ok) over.resolve(told.answer.value)
          else over.reject(faultOf(told.answer.fault))
          return
        }
        answerTo(answers, told.name, told.value).then(
          answer => send({ kind: 'answer', id: told.id, answer }),
          (bug: unknown) => over.reject(bug),
        )
      }
      const died = (status: number | null, by: NodeJS.Signals | null): void => over.reject(endOf(status, by))
      const broken = (cause: Error): void => over.reject(new Fault('PROCESS_LOST', cause.message, { cause }))
      const stop = (): void => over.reject(new Fault('PROCESS_STOPPED', 'the work was stopped'))
      own.ref()
      own.channel?.ref()
      own.on('message', heard).on('exit', died).on('error', broken)
      signal?.addEventListener('abort', stop)
      try {
        send({ kind: 'task', task })
        return await over.promise
      } catch (cause) {
        // Nobody knows what else is wrong with it; the next task gets another.
        await kill(own)
        throw cause
      } finally {
        signal?.removeEventListener('abort', stop)
        own.off('message', heard).off('exit', died).off('error', broken)
        own.unref()
        own.channel?.unref()
        idle = setTimeout(letGo, idleMs).unref()
      }
    },
    cpuMs: () => cpu.gone + cpu.here,
    async close() {
      if (child !== undefined) await kill(child)
    },
  }
}
