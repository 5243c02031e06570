// The inside of a working process: one task after the other, questions to whoever started it meanwhile, and an end when it has grown too
// large or nobody is there any more.

import { constants, setPriority } from 'node:os'
import { Worker } from 'node:worker_threads'
import { Fault } from '../../base/fault.ts'
import { faultOf, wireFault } from '../threads/wire.ts'
import { type FromProcess, MEMORY_ARGUMENT, OVERGROWN, type ToProcess, type WireAnswer } from './message.ts'

/** Asks whoever gave the task. Faults: those of the answer. */
export type Ask = (name: string, value: unknown) => Promise<unknown>

type Told = FromProcess extends infer Message ? (Message extends unknown ? Omit<Message, 'cpuMs'> : never) : never

function tell(message: Told): void {
  const { user, system } = process.cpuUsage()
  process.send?.({ ...message, cpuMs: (user + system) / 1000 })
}

const answered = (answer: WireAnswer, { resolve, reject }: PromiseWithResolvers<unknown>): void =>
  answer.ok ? resolve(answer.value) : reject(faultOf(answer.fault))

/** Threads look while this one is busy. */
function watch(): void {
  const most = Number(process.argv[MEMORY_ARGUMENT]) * 2 ** 20
  const look = (file: string, workerData: object): void =>
    new Worker(new URL(`../onnxruntime/${file}`, import.meta.url), { workerData }).unref()
  look('memory-guard.ts', { most, signal: OVERGROWN })
  look('parent-watch.ts', { parent: process.ppid })
}

/** A terminal sends Ctrl-C to all its processes; whoever gave the task decides what becomes of it. */
const LEFT_TO_PARENT = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** @param work a `Fault` of it is an answer too; anything else that it throws is a bug and is told as one */
export function serveWork(work: (task: never, ask: Ask) => Promise<unknown>): void {
  // Whoever trades goes first.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
  watch()
  for (const signal of LEFT_TO_PARENT) process.on(signal, () => undefined)
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let asked = 0
  const ask: Ask = (name, value) => {
    const id = ++asked
    const question = Promise.withResolvers<unknown>()
    waiting.set(id, question)
    tell({ kind: 'ask', id, name, value })
    return question.promise
  }
  const done = async (task: unknown): Promise<WireAnswer> => {
    try {
      return { ok: true, value: await work(task as never, ask) }
    } catch (cause) {
      const sentence = cause instanceof Error ? cause.message : String(cause)
      const fault = cause instanceof Fault ? cause : new Fault('PROCESS_FAILED', sentence, { cause })
      return { ok: false, fault: wireFault(fault) }
    }
  }
  process.on('message', (message: ToProcess) => {
    if (message.kind === 'task') {
      void done(message.task).then(answer => tell({ kind: 'done', answer }))
      return
    }
    const question = waiting.get(message.id)
    waiting.delete(message.id)
    if (question !== undefined) answered(message.answer, question)
  })
  process.on('disconnect', () => process.exit())
}
