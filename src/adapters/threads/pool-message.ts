// What a pool and its members say to each other.

import type { WireFault } from './message.ts'

export type PoolReply =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly fault: WireFault }
