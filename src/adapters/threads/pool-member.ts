// The other end of a pool: a thread that answers one question after the other.

import type { MessagePort } from 'node:worker_threads'
import { Fault } from '../../base/fault.ts'
import type { PoolReply } from './pool-message.ts'
import { wireFault } from './wire.ts'

/** @param answer a `Fault` of it is an answer too; anything else it throws ends the thread, for it is a bug */
export function servePool(parent: MessagePort, answer: (question: never) => Promise<unknown>): void {
  const reply = async (question: unknown): Promise<PoolReply> => {
    try {
      return { ok: true, value: await answer(question as never) }
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause
      return { ok: false, fault: wireFault(cause) }
    }
  }
  parent.on('message', (question: unknown) => void reply(question).then(told => parent.postMessage(told, [])))
  parent.postMessage('ready', [])
}
