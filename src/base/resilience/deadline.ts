// A deadline as a signal: what runs under it ends when the time is over.

import { Fault } from '../fault.ts'
import type { Timer } from '../timer.ts'

/**
 * Aborts with `DEADLINE_EXCEEDED` after so many milliseconds, unless it was ended before; then it leaves no timer behind.
 *
 * @param place what took so long
 */
export function deadlineSignal(
  timer: Timer,
  ms: number,
  place: string,
): { readonly signal: AbortSignal; readonly end: () => void } {
  const passed = new AbortController()
  const over = new AbortController()
  timer.sleep(ms, over.signal).then(
    () => passed.abort(new Fault('DEADLINE_EXCEEDED', `took longer than ${ms / 1000} s in all`, { place })),
    // Ended in time.
    () => undefined,
  )
  return { signal: passed.signal, end: () => over.abort() }
}
