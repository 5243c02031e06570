// When a start was a good one (SRV-03): after a while without trouble, or enough decisions, whichever is first.

import type { Timer } from '../base/timer.ts'
import type { Booted } from './boot.ts'

export type GoodStart = {
  /** One more decision was made. */
  readonly decided: () => void
  /** Fulfilled once the start was called good, or the signal ended the watch; rejects where that cannot be written. */
  readonly over: Promise<void>
}

export type GoodStartOptions = {
  readonly booted: Pick<Booted, 'healthy'>
  readonly timer: Timer
  readonly signal: AbortSignal
  readonly ms?: number
  readonly decisions?: number
}

/** @example const start = goodStart({ booted, timer, signal }) */
export function goodStart({ booted, timer, signal, ms = 60_000, decisions = 100 }: GoodStartOptions): GoodStart {
  let made = 0
  const enough = Promise.withResolvers<void>()
  const watch = async (): Promise<void> => {
    const nap = new AbortController()
    try {
      await Promise.race([enough.promise, timer.sleep(ms, AbortSignal.any([signal, nap.signal]))])
    } catch (cause) {
      // Called off: whoever does that says himself how the start was.
      if (signal.aborted) return
      throw cause
    } finally {
      nap.abort()
    }
    await booted.healthy()
  }
  return {
    decided() {
      if (++made === decisions) enough.resolve()
    },
    over: watch(),
  }
}
