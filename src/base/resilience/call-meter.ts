// How calls to places outside went, counted by operation: what metrics and people are told (OBS-01). Operations are names of ours, so there
// are few of them.

import type { BreakerState } from './breaker.ts'

/** `refused`: not asked at all, because of a breaker, a pause or a full queue. */
export type CallResult = 'succeeded' | 'failed' | 'cancelled' | 'refused'

export interface CallMeter {
  ended(operation: string, result: CallResult): void
  retried(operation: string): void
  /** For a token of the rate limit. */
  waited(operation: string, ms: number): void
  /** @param key of one place and operation; of several places the worst is shown */
  breaker(operation: string, key: string, state: BreakerState): void
}

/** Plain data, which travels between threads. */
export type CallTotals = {
  readonly operation: string
  readonly results: Readonly<Record<CallResult, number>>
  readonly retries: number
  readonly breaker: BreakerState
  /** Waits of at most so many seconds, each with those before it; the last is all of them. */
  readonly waits: { readonly counts: readonly number[]; readonly sumSeconds: number }
}

/** Upper ends in seconds. */
export const WAIT_BUCKETS: readonly number[] = [0.001, 0.01, 0.1, 1, 5, 10, 30, 60, 300]

const SEVERITY: readonly BreakerState[] = ['closed', 'halfOpen', 'open']

type Tally = {
  results: Record<CallResult, number>
  retries: number
  states: Map<string, BreakerState>
  counts: number[]
  sumSeconds: number
}

/** @param onChange called after each happening */
export function callMeter(onChange: () => void = () => undefined): CallMeter & { totals(): readonly CallTotals[] } {
  const tallies = new Map<string, Tally>()
  const of = (operation: string): Tally => {
    const known = tallies.get(operation)
    if (known !== undefined) return known
    const fresh: Tally = {
      results: { succeeded: 0, failed: 0, cancelled: 0, refused: 0 },
      retries: 0,
      states: new Map(),
      counts: Array<number>(WAIT_BUCKETS.length + 1).fill(0),
      sumSeconds: 0,
    }
    tallies.set(operation, fresh)
    return fresh
  }
  return {
    ended(operation, result) {
      of(operation).results[result]++
      onChange()
    },
    retried(operation) {
      of(operation).retries++
      onChange()
    },
    waited(operation, ms) {
      const tally = of(operation)
      const seconds = ms / 1000
      for (const [index, end] of [...WAIT_BUCKETS, Number.POSITIVE_INFINITY].entries()) {
        if (seconds <= end) tally.counts[index]!++
      }
      tally.sumSeconds += seconds
      onChange()
    },
    breaker(operation, key, state) {
      of(operation).states.set(key, state)
      onChange()
    },
    totals: () =>
      [...tallies].map(([operation, { results, retries, states, counts, sumSeconds }]) => ({
        operation,
        results: { ...results },
        retries,
        breaker: SEVERITY[Math.max(0, ...[...states.values()].map(state => SEVERITY.indexOf(state)))]!,
        waits: { counts: [...counts], sumSeconds },
      })),
  }
}
