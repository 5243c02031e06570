// What a working process and whoever started it say to each other. Values are what the structured clone takes.

import type { WireFault } from '../threads/message.ts'

export type WireAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly fault: WireFault }

/** To the process. */
export type ToProcess =
  | { readonly kind: 'task'; readonly task: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: WireAnswer }

/** Of its whole life so far, all threads together. */
type Taken = { readonly cpuMs: number }

/** From it: questions while it works, and what came of the task. */
export type FromProcess = Taken &
  (
    | { readonly kind: 'ask'; readonly id: number; readonly name: string; readonly value: unknown }
    | { readonly kind: 'done'; readonly answer: WireAnswer }
  )

/** With this a process that has grown too large ends itself; nothing else sends it. */
export const OVERGROWN: NodeJS.Signals = 'SIGUSR2'

/** First argument of the process: MiB that it may take. */
export const MEMORY_ARGUMENT = 2
