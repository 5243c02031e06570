// Whether this machine's clock goes right, as far as the dates of answers from outside tell: nothing is asked for the sake of knowing.

import type { Clock } from '../base/clock.ts'
import type { CallListener } from '../base/resilience/call-fact.ts'

export type ClockNews = { readonly state: 'ok' | 'degraded'; readonly detail: string }

export type ClockWatch = {
  /** Undefined before the first answer with a date. */
  readonly news: () => ClockNews | undefined
  readonly hear: CallListener
}

/** `release.verify.clockSkewMinutes`: beyond it what is signed now is not yet valid here, or no longer. */
const MOST_MS = 5 * 60_000

/**
 * @param clock of this machine
 * @example clockWatch(clock).news() // undefined
 */
export function clockWatch(clock: Clock): ClockWatch {
  let aheadMs: number | undefined
  return {
    hear(fact) {
      if (fact.type === 'dated') aheadMs = clock.now() - fact.at
    },
    news() {
      if (aheadMs === undefined) return undefined
      const seconds = Math.round(Math.abs(aheadMs) / 1000)
      const detail = `${seconds} s ${aheadMs < 0 ? 'behind' : 'ahead of'} the source of releases`
      return { state: Math.abs(aheadMs) <= MOST_MS ? 'ok' : 'degraded', detail }
    },
  }
}
