// What a crew and its threads say to each other.

import type { MessagePort } from 'node:worker_threads'
import type { WireFault } from './message.ts'

/** Given to a thread when it starts; replies go through the port, which can be read without a turn of the event loop. */
export type CrewData = { readonly port: MessagePort }

export type CrewOrder = {
  readonly job: string
  readonly task: unknown
  /** Raised by one after the reply. */
  readonly done: Int32Array
}

export type CrewReply =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly fault: WireFault }
