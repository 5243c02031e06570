// One deadline at a time for a conversation that goes through phases: connecting, waiting for headers, waiting for the next bytes.

import type { Fault } from '../../base/fault.ts'
import type { Timer } from '../../base/timer.ts'

export interface Watchdog {
  /** Bites with this fault after so long, unless it is calmed or sent to watch something else before. */
  watch(ms: number, fault: () => Fault): void
  calm(): void
}

const CALMED = new Error('calmed')

export function watchdog(timer: Timer, bite: (fault: Fault) => void): Watchdog {
  let watching = new AbortController()
  const calm = () => watching.abort(CALMED)
  return {
    calm,
    watch(ms, fault) {
      calm()
      watching = new AbortController()
      const { signal } = watching
      timer.sleep(ms, signal).then(
        () => bite(fault()),
        // Calmed in time.
        () => undefined,
      )
    },
  }
}
