// What happens to calls to places outside, one fact at a time: for metrics. Operations are names of ours, so there are few of them.

import type { BreakerState } from './breaker.ts'

/** `refused`: not asked at all, because of a breaker, a pause or a full queue. */
export type CallResult = 'succeeded' | 'failed' | 'cancelled' | 'refused'

/** Plain data, which travels between threads. */
export type CallFact =
  | { readonly type: 'ended'; readonly operation: string; readonly result: CallResult }
  | { readonly type: 'retried'; readonly operation: string }
  /** What time a place says it is, ms UTC. */
  | { readonly type: 'dated'; readonly operation: string; readonly at: number }
  /** For a token of the rate limit. */
  | { readonly type: 'waited'; readonly operation: string; readonly ms: number }
  /** `key` is of one place and operation. */
  | { readonly type: 'breaker'; readonly operation: string; readonly key: string; readonly state: BreakerState }

export type CallListener = (fact: CallFact) => void
