// How fast a replay goes: so many bars a second, as fast as it can, or not at all. It decides when bars come, never what they bring.

import type { Clock } from '../base/clock.ts'
import type { Timer } from '../base/timer.ts'

export interface Pace {
  /** Waits until the bar may come. Before it does, and whenever `wake` is called, `between` has its turn. */
  turn(knownAt: number, between: () => Promise<void>, signal: AbortSignal): Promise<void>
  pause(): void
  continue(): void
  /** Bars per second; null is as fast as it goes. */
  setRate(barsPerSecond: number | null): void
  /** No waiting before the first bar known at or after this time. */
  jump(to: number): void
  wake(): void
  state(): { readonly paused: boolean; readonly barsPerSecond: number | null; readonly jumpingTo: number | null }
}

export type PaceOptions = {
  /** Wall clock. */
  readonly clock: Clock
  readonly timer: Timer
  readonly barsPerSecond: number | null
}

/** A run at full speed gives way this often, so that signals and commands arrive. */
const BREATH_MS = 25

/**
 * @example
 * const pace = pacer({ clock, timer, barsPerSecond: 12 })
 * await pace.turn(bar.knownAt, async () => {}, signal) // 83 ms after the bar before it
 */
export function pacer({ clock, timer, barsPerSecond }: PaceOptions): Pace {
  let rate = barsPerSecond
  let paused = false
  let jumpingTo: number | null = null
  let last = clock.now()
  let breath = clock.now()
  let woken = new AbortController()

  const wake = (): void => {
    woken.abort()
    woken = new AbortController()
  }
  /** @returns false where it was woken before its time */
  const sleep = async (ms: number, signal: AbortSignal): Promise<boolean> => {
    const alarm = woken.signal
    try {
      await timer.sleep(ms, AbortSignal.any([signal, alarm]))
      return true
    } catch (cause) {
      signal.throwIfAborted()
      if (!alarm.aborted) throw cause
      return false
    }
  }
  /** How long the bar still has to wait; 0 at full speed. */
  const waitFor = (): number => (rate === null || jumpingTo !== null ? 0 : last + 1000 / rate - clock.now())

  return {
    async turn(knownAt, between, signal) {
      for (;;) {
        await between()
        signal.throwIfAborted()
        if (jumpingTo !== null && knownAt >= jumpingTo) jumpingTo = null
        const ms = paused ? 60_000 : waitFor()
        if (ms <= 0) break
        if ((await sleep(ms, signal)) && !paused) break
      }
      const now = clock.now()
      // A late bar is not made up for by a burst.
      last = rate === null ? now : Math.max(last + 1000 / rate, now - 1000 / rate)
      if (now - breath < BREATH_MS) return
      await timer.sleep(0, signal)
      breath = clock.now()
    },
    pause() {
      paused = true
      wake()
    },
    continue() {
      paused = false
      wake()
    },
    setRate(next) {
      rate = next
      last = clock.now()
      wake()
    },
    jump(to) {
      jumpingTo = to
      wake()
    },
    wake,
    state: () => ({ paused, barsPerSecond: rate, jumpingTo }),
  }
}
