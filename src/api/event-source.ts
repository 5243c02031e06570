// Wakes whoever streams events: when more of them are durable, and when what is true now has changed. Knows no socket.

import type { Timer } from '../base/timer.ts'
import type { LiveState, RunControl } from '../loop/run-control.ts'

export interface EventSource {
  /** What is true now, as it may be shown; undefined before the first. */
  live(): LiveState | undefined
  /** How often something happened; hand it to `next` to miss nothing in between. */
  turn(): number
  /** Resolves at the first happening after `turn`, or after `ms`. Rejects with the signal's reason. */
  next(turn: number, ms: number, signal: AbortSignal): Promise<void>
  close(): void
}

export type EventSourceOptions = {
  readonly control: Pick<RunControl, 'live' | 'onCommitted' | 'onLive'>
  readonly timer: Timer
  /** Least time between two wakings for a live state. */
  readonly liveMs: number
}

export function eventSource({ control, timer, liveMs }: EventSourceOptions): EventSource {
  const closed = new AbortController()
  let live = control.live()
  let pending: LiveState | undefined
  let resting = false
  let turn = 0
  const waiting = new Set<() => void>()

  const wake = (): void => {
    turn++
    for (const go of waiting) go()
    waiting.clear()
  }
  const show = async (): Promise<void> => {
    resting = true
    while (pending !== undefined && !closed.signal.aborted) {
      live = pending
      pending = undefined
      wake()
      await timer.sleep(liveMs)
    }
    resting = false
  }
  const stops = [
    control.onCommitted(wake),
    control.onLive(state => {
      pending = state
      if (!resting) void show()
    }),
  ]

  return {
    live: () => live,
    turn: () => turn,
    async next(seen, ms, signal) {
      signal.throwIfAborted()
      if (turn > seen) return
      const patience = new AbortController()
      const { promise: happened, resolve: go } = Promise.withResolvers<void>()
      waiting.add(go)
      try {
        await Promise.race([happened, timer.sleep(ms, AbortSignal.any([signal, patience.signal]))])
      } finally {
        waiting.delete(go)
        patience.abort()
      }
    },
    close() {
      closed.abort()
      for (const stop of stops) stop()
      wake()
    },
  }
}
