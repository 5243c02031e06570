// How the source of releases does, as far as the loop's own calls tell: nothing is asked for the sake of knowing.

import type { BreakerState } from '../base/resilience/breaker.ts'
import type { CallListener, CallResult } from '../base/resilience/call-fact.ts'

export type SourceNews = { readonly state: 'ok' | 'degraded'; readonly detail: string }

export type SourceWatch = {
  /** Undefined before the first call. */
  readonly news: () => SourceNews | undefined
  readonly hear: CallListener
}

/** What the loop calls asking a source whether there is something new. */
const POLL = 'poll'

/** @example sourceWatch().news() // undefined */
export function sourceWatch(): SourceWatch {
  const breakers = new Map<string, BreakerState>()
  let last: CallResult | undefined
  return {
    hear(fact) {
      if (fact.operation !== POLL) return
      if (fact.type === 'breaker') breakers.set(fact.key, fact.state)
      // Being called off says nothing about the place.
      else if (fact.type === 'ended' && fact.result !== 'cancelled') last = fact.result
    },
    news() {
      if (last === undefined) return undefined
      const shut = [...breakers.values()].filter(state => state !== 'closed').length
      if (shut > 0)
        return { state: 'degraded', detail: `${shut} of ${breakers.size} failed too often and are left alone` }
      if (last === 'succeeded') return { state: 'ok', detail: 'answered when it was asked last' }
      return { state: 'degraded', detail: 'did not answer when it was asked last' }
    },
  }
}
