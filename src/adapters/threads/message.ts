// What the two sides of a window say to each other. Everything is plain data, copied on its way.

import type { Readings } from '../../base/meter.ts'
import type { CallFact } from '../../base/resilience/call-fact.ts'

/** A fault loses its class on the way; its words stay. */
export type WireFault = {
  readonly code: string
  readonly sentence: string
  readonly place?: string | undefined
  readonly fix?: string | undefined
}

export type WireOutcome =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly fault: WireFault }

/** To the thread that serves. */
export type ToWindow<Live> =
  | { readonly type: 'committed'; readonly seq: number }
  | { readonly type: 'live'; readonly state: Live }
  /** Of the calls of this process to places outside. */
  | { readonly type: 'call'; readonly fact: CallFact }
  /** What the loop measured of itself. */
  | { readonly type: 'readings'; readonly readings: Readings<string> }
  | { readonly type: 'answer'; readonly id: number; readonly outcome: WireOutcome }
  /** The thread of the loop turns. */
  | { readonly type: 'beat' }
  | { readonly type: 'close' }

/** From the thread that serves. */
export type FromWindow<Command> =
  | { readonly type: 'listening'; readonly url: string; readonly port: number }
  | { readonly type: 'failed'; readonly fault: WireFault }
  | { readonly type: 'command'; readonly id: number; readonly command: Command }
  | { readonly type: 'closed' }
