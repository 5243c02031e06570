// What is said to the thread of a host beside questions, and what it tells.

import type { Confinement, Limits } from './confine.ts'
import type { ChannelMemory } from './host-channel.ts'

export type HostData = {
  readonly memory: ChannelMemory
  readonly limits: Limits
  /** After which a run of one row, and of a batch, that gives no answer is killed with its process. */
  readonly stuckMs: number
  readonly batchMs: number
  readonly held?: Confinement
}

export type HostRequest =
  | { readonly kind: 'load'; readonly n: number; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: 'release'; readonly n: number; readonly id: number }
  /** What is loaded from now on goes to a process of its own; the one before ends with its last model. */
  | { readonly kind: 'renew'; readonly n: number }
  | { readonly kind: 'close'; readonly n: number }

export type HostNews =
  | { readonly kind: 'done'; readonly n: number; readonly residentMb: number; readonly pid: number | undefined }
  | { readonly kind: 'refused'; readonly n: number; readonly code: string; readonly reason: string }
  /** The process ended by itself; `up` says whether another one is started for its models. */
  | { readonly kind: 'fell'; readonly reason: string; readonly up: boolean }
