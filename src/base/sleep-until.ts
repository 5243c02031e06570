// Waiting for a time of day, on a clock that people, time servers and closed lids may move.

import type { Clock } from './clock.ts'
import type { Timer } from './timer.ts'

export type Time = { readonly clock: Clock; readonly timer: Timer }

/** A machine that slept, or whose clock was set, is noticed within this time. */
const LONGEST_NAP_MS = 60_000

/**
 * Waits until the clock shows a time, in naps, so that a clock that leaps forward is followed. Returns early when the clock was put
 * back: look again at what it shows. An abort rejects with the signal's reason.
 *
 * @example await sleepUntil(Date.parse('2026-01-15T14:30:00Z'), { clock, timer }, signal)
 */
export async function sleepUntil(atMs: number, { clock, timer }: Time, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted()
  for (let now = clock.now(); now < atMs; ) {
    const before = now
    await timer.sleep(Math.min(atMs - now, LONGEST_NAP_MS), signal)
    now = clock.now()
    if (now < before) return
  }
}
