// A crew of worker threads. The caller blocks while it waits for them: fits are synchronous, and nothing else may happen in between.

import { once } from 'node:events'
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { Fault } from '../../base/fault.ts'
import type { Crew } from '../../models/crew.ts'
import type { CrewData, CrewOrder, CrewReply } from './crew-message.ts'
import { faultOf } from './wire.ts'

export type CrewOptions = {
  /** The file that a helper runs: `entry/crew-thread.ts`. */
  readonly thread: URL
  readonly helpers: number
  /** A job that takes longer counts as lost. */
  readonly patienceMs?: number
}

export interface OpenCrew extends Crew {
  /** Ends the threads. Idle threads do not keep the process alive. */
  close(): Promise<void>
}

/** Resolves when all helpers are ready. Faults: `THREAD_LOST` where one cannot start. */
export async function openCrew({ thread, helpers, patienceMs = 600_000 }: CrewOptions): Promise<OpenCrew> {
  const members = await Promise.all(Array.from({ length: helpers }, () => openMember(thread)))
  let busy = false
  const lost = (sentence: string): Fault =>
    new Fault('THREAD_LOST', sentence, { fix: 'train without helpers, or with fewer rows' })

  return {
    helpers,
    start(job, task) {
      if (busy) throw new RangeError('a crew does one job at a time')
      busy = true
      const done = new Int32Array(new SharedArrayBuffer(4))
      for (const { worker } of members) worker.postMessage({ job, task, done } satisfies CrewOrder, [])
      return () => {
        for (let count = 0; count < helpers; count = Atomics.load(done, 0)) {
          if (Atomics.wait(done, 0, count, patienceMs) === 'timed-out') {
            throw lost(`a helping thread did not end its part of ${job} within ${patienceMs / 1000} s`)
          }
        }
        busy = false
        return members.map(({ port }) => {
          const reply = receiveMessageOnPort(port)?.message as CrewReply | undefined
          if (reply === undefined) throw lost(`a helping thread did not answer about ${job}`)
          if (!reply.ok) throw faultOf(reply.fault)
          return reply.value
        })
      }
    },
    async close() {
      await Promise.all(members.map(({ worker }) => worker.terminate()))
    },
  }
}

type Member = { readonly worker: Worker; readonly port: MessagePort }

async function openMember(thread: URL): Promise<Member> {
  const { port1, port2 } = new MessageChannel()
  const data: CrewData = { port: port2 }
  const worker = new Worker(thread, { workerData: data, transferList: [port2], execArgv: [], name: 'crew' })
  try {
    await once(worker, 'message')
  } catch (cause) {
    throw new Fault('THREAD_LOST', `a helping thread did not start: ${String(cause)}`, { cause })
  }
  worker.unref()
  port1.unref()
  return { worker, port: port1 }
}
