// How long to wait before the next try: full jitter, so that many who failed together do not come back together.

import type { Rng } from '../rng.ts'

export type BackoffOptions = {
  readonly baseDelayMs?: number
  readonly multiplier?: number
  readonly maxDelayMs?: number
}

/**
 * Uniform in [0, min(maxDelayMs, baseDelayMs x multiplier^(n-1))], in ms.
 *
 * @param n which retry, from 1
 * @example backoffMs(3, rng) // anything up to 4000
 */
export function backoffMs(
  n: number,
  rng: Rng,
  { baseDelayMs = 1_000, multiplier = 2, maxDelayMs = 30_000 }: BackoffOptions = {},
): number {
  return rng.next() * Math.min(maxDelayMs, baseDelayMs * multiplier ** (n - 1))
}
