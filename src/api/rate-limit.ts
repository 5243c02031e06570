// A token bucket for each address: a burst at once, then a steady rate (API-05).

import type { Clock } from '../base/clock.ts'

export type Allowance = {
  readonly allowed: boolean
  readonly limit: number
  readonly remaining: number
  /** Until the bucket is full again, or where nothing was left until there is a token. */
  readonly resetSeconds: number
}

export type RateLimitOptions = {
  readonly clock: Clock
  /** In the long run, within `perMs`. */
  readonly requests: number
  readonly perMs: number
  readonly burst: number
  /** Most addresses that are remembered. */
  readonly addresses?: number
}

export interface RateLimit {
  take(address: string): Allowance
}

/** @example rateLimit({ clock, requests: 600, perMs: 60_000, burst: 100 }).take('127.0.0.1').remaining // 99 */
export function rateLimit({
  clock,
  requests,
  perMs: windowMs,
  burst,
  addresses = 10_000,
}: RateLimitOptions): RateLimit {
  const buckets = new Map<string, { tokens: number; at: number }>()
  const perMs = requests / windowMs
  return {
    take(address) {
      const now = clock.now()
      const known = buckets.get(address) ?? { tokens: burst, at: now }
      // A clock that is set back gives nothing and takes nothing.
      const tokens = Math.min(burst, known.tokens + Math.max(0, now - known.at) * perMs)
      const allowed = tokens >= 1
      const left = allowed ? tokens - 1 : tokens
      buckets.delete(address)
      buckets.set(address, { tokens: left, at: now })
      if (buckets.size > addresses) buckets.delete(buckets.keys().next().value!)
      const missing = allowed ? burst - left : 1 - left
      return {
        allowed,
        limit: requests,
        remaining: Math.floor(left),
        resetSeconds: Math.ceil(missing / perMs / 1000),
      }
    },
  }
}
