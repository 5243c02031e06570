// A pool of worker threads that answer questions about the same data: whoever is free takes the next one. The caller goes on meanwhile.

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { Fault } from '../../base/fault.ts'
import type { PoolReply } from './pool-message.ts'
import { faultOf } from './wire.ts'

export type PoolOptions = {
  /** The file that a member runs. */
  readonly thread: URL
  readonly members: number
  /** Plain data that every member gets a copy of; shared memory stays shared. */
  readonly data: unknown
}

export interface Pool {
  readonly members: number
  /** Faults: those of the member, `THREAD_LOST` where it ended over the question or the pool was closed. */
  ask(question: unknown): Promise<unknown>
  /** Ends the threads, whatever they are at. */
  close(): Promise<void>
}

type Waiting = {
  readonly question: unknown
  readonly resolve: (value: unknown) => void
  readonly reject: (fault: Fault) => void
}

const lost = (sentence: string, cause?: unknown): Fault =>
  new Fault('THREAD_LOST', sentence, { fix: 'give it fewer threads, or a machine with more memory', cause })

/** Resolves when all members are ready. Fault: `THREAD_LOST` where one cannot start. */
export async function openPool({ thread, members, data }: PoolOptions): Promise<Pool> {
  const workers = Array.from(
    { length: members },
    () => new Worker(thread, { workerData: data, execArgv: [], name: 'pool' }),
  )
  const close = async (): Promise<void> => void (await Promise.all(workers.map(worker => worker.terminate())))
  try {
    await Promise.all(workers.map(worker => once(worker, 'message')))
  } catch (cause) {
    await close()
    throw lost(`a thread did not start: ${String(cause)}`, cause)
  }
  const free = [...workers]
  const waiting: Waiting[] = []
  const busy = new Map<Worker, Waiting>()
  let alive = members

  const give = (): void => {
    while (free.length > 0 && waiting.length > 0) {
      const [worker, next] = [free.shift()!, waiting.shift()!]
      busy.set(worker, next)
      worker.postMessage(next.question, [])
    }
  }
  for (const worker of workers) {
    worker.on('message', (reply: PoolReply) => {
      const asked = busy.get(worker)
      busy.delete(worker)
      free.push(worker)
      if (reply.ok) asked?.resolve(reply.value)
      else asked?.reject(faultOf(reply.fault))
      give()
    })
    // What ended it is told by its exit.
    worker.on('error', cause => busy.get(worker)?.reject(lost(`a thread ended: ${String(cause)}`, cause)))
    worker.on('exit', () => {
      alive--
      busy.get(worker)?.reject(lost('a thread ended before it answered'))
      busy.delete(worker)
      if (free.includes(worker)) free.splice(free.indexOf(worker), 1)
      if (alive > 0) return
      for (const { reject } of waiting.splice(0)) reject(lost('no thread is left to answer'))
    })
  }
  return {
    members,
    async ask(question) {
      if (alive === 0) throw lost('no thread is left to answer')
      return new Promise((resolve, reject) => {
        waiting.push({ question, resolve, reject })
        give()
      })
    },
    close,
  }
}
