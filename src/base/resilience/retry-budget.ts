// How many retries an operation may make in all, so that a place in trouble is not asked many times more (RSL, case 160).

import type { Clock } from '../clock.ts'

export interface RetryBudget {
  /** Counts an operation. */
  called(): void
  /** Counts a retry, or says that there is none left. */
  take(): boolean
}

export type RetryBudgetOptions = {
  readonly clock: Clock
  /** Retries per call within the window. */
  readonly ratio?: number
  readonly least?: number
  readonly windowMs?: number
}

/** @example retryBudget({ clock }).take() // true, three times a minute at least */
export function retryBudget({ clock, ratio = 0.1, least = 3, windowMs = 60_000 }: RetryBudgetOptions): RetryBudget {
  let calls: number[] = []
  let retries: number[] = []
  const within = (times: readonly number[], now: number) => times.filter(at => at > now - windowMs)
  return {
    called() {
      const now = clock.now()
      calls = [...within(calls, now), now]
    },
    take() {
      const now = clock.now()
      calls = within(calls, now)
      retries = within(retries, now)
      if (retries.length >= Math.max(least, Math.floor(ratio * calls.length))) return false
      retries.push(now)
      return true
    },
  }
}
