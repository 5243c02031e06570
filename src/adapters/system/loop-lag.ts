// By how much the turns of this thread's event loop come late: work that keeps it too long shows as one long turn.

import { clearInterval, setInterval } from 'node:timers'
import type { Clock } from '../../base/clock.ts'

export type LoopLagOptions = {
  /** Never goes back. */
  readonly stopwatch: Clock
  /** A turn is wanted so often; shorter stalls may hide between two of them. */
  readonly everyMs?: number
  readonly onTurn: (lateMs: number) => void
}

/**
 * Keeps no process alive.
 *
 * @returns a call that ends it
 * @example const end = loopLag({ stopwatch, onTurn: lateMs => meter.note('lagSeconds', lateMs / 1000) })
 */
export function loopLag({ stopwatch, everyMs = 20, onTurn }: LoopLagOptions): () => void {
  let before = stopwatch.now()
  const turns = setInterval(() => {
    const now = stopwatch.now()
    const late = now - before - everyMs
    before = now
    onTurn(Math.max(0, late))
  }, everyMs)
  turns.unref()
  return () => clearInterval(turns)
}
