// A trainer in a child process: a native run cannot be stopped from inside, so cancelling is killing.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Fault } from '../../base/fault.ts'
import {
  type Device,
  OVERGROWN,
  type Told,
  type Trainer,
  type TrainerAnswer,
  type TrainerProgram,
  type TrainerRequest,
} from './trainer-message.ts'

const CHILD = fileURLToPath(new URL('trainer-child.ts', import.meta.url))

const failed = (sentence: string): Fault => new Fault('TRAINING_FAILED', sentence)

/** A view sends only what it shows: the channel would send all that lies behind it. */
function compact<T>(given: T): T {
  if (given instanceof Float32Array || given instanceof Int32Array || given instanceof Uint8Array) {
    return (given.byteLength === given.buffer.byteLength ? given : given.slice()) as T
  }
  if (Array.isArray(given)) return given.map(compact) as T
  if (typeof given !== 'object' || given === null) return given
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, compact(value)])) as T
}

/**
 * Requests are answered one after the other. Faults: `TRAINING_FAILED`, `TRAINING_MEMORY`, and `TRAINING_CANCELLED` when the signal of
 * a call aborts; the process is gone after each of the latter two.
 */
export async function childTrainer(
  program: TrainerProgram,
  initial: readonly Float32Array[],
  memoryMb: number,
): Promise<Trainer> {
  const child = fork(CHILD, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] })
  let last: Promise<unknown> = Promise.resolve()
  const ask = (request: TrainerRequest, signal?: AbortSignal): Promise<unknown> => {
    const reply = last.then(() => replyOf(child, request, memoryMb, signal))
    last = reply.catch(() => undefined)
    return reply
  }
  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.ref()
    child.kill('SIGKILL')
    await gone
  }
  const device = await ask({ kind: 'open', program, initial, memoryMb }).catch(async (cause: unknown) => {
    await end()
    throw cause
  })
  return {
    device: device as Device,
    load: async (rows, count) => void (await ask({ kind: 'load', rows, count })),
    call: async (call, signal) => (await ask({ kind: 'call', call }, signal)) as Told,
    save: async () => (await ask({ kind: 'save' })) as readonly Float32Array[],
    restore: async states => void (await ask({ kind: 'restore', states })),
    close: end,
  }
}

function goneFault(status: number | null, signal: string | null, memoryMb: number): Fault {
  if (signal !== OVERGROWN) return failed(`the training process ended with ${signal ?? `status ${status}`}`)
  return new Fault('TRAINING_MEMORY', `training took more than ${memoryMb} MiB`, {
    fix: 'lower the batch or the number of rows, or raise the memory that a run may take',
  })
}

function replyOf(
  child: ChildProcess,
  request: TrainerRequest,
  memoryMb: number,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return Promise.reject(goneFault(child.exitCode, child.signalCode, memoryMb))
  }
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      signal?.removeEventListener('abort', cancel)
      child.off('message', answered)
      child.off('exit', died)
      child.off('error', broken)
      child.unref()
      child.channel?.unref()
      act()
    }
    const answered = (message: unknown): void => {
      const answer = message as TrainerAnswer
      settle(() => (answer.ok ? resolve(answer.value) : reject(failed(answer.reason))))
    }
    const died = (status: number | null, by: string | null): void =>
      settle(() =>
        reject(
          signal?.aborted === true
            ? new Fault('TRAINING_CANCELLED', 'training was cancelled')
            : goneFault(status, by, memoryMb),
        ),
      )
    const broken = (cause: Error): void => settle(() => reject(failed(`the training process: ${cause.message}`)))
    const cancel = (): void => void child.kill('SIGKILL')
    // It keeps this process alive only while an answer is awaited.
    child.ref()
    child.channel?.ref()
    child.on('message', answered)
    child.on('exit', died)
    child.on('error', broken)
    signal?.addEventListener('abort', cancel)
    if (signal?.aborted === true) cancel()
    // A request that cannot be written meets a process that is ending: its exit says why.
    else child.send(compact(request), () => undefined)
  })
}
