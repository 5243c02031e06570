// What a server says is left of our quota, in the headers of GitHub and of the IETF draft (draft-ietf-httpapi-ratelimit-headers): with little
// left it is asked nothing more until the quota is full again (REL-44).

import type { IncomingHttpHeaders } from 'node:http'

const NAMES = [
  { remaining: 'x-ratelimit-remaining', reset: 'x-ratelimit-reset' },
  { remaining: 'ratelimit-remaining', reset: 'ratelimit-reset' },
] as const
const LOW = 50
/** Quotas are per hour or shorter; who says longer is not believed. */
const MAX_MS = 3_600_000
/** A reset above this is a time, below it a wait; both in seconds. */
const EPOCH_SECONDS = 1e9

const number = (header: string | readonly string[] | undefined): number | undefined =>
  typeof header === 'string' && /^\d{1,12}$/.test(header.trim()) ? Number(header) : undefined

/**
 * For how long the server is to be left alone; undefined where it says nothing, or where enough is left.
 *
 * @param dateMs the server's own time, where it tells that
 * @example quotaPauseMs({ 'x-ratelimit-remaining': '50', 'x-ratelimit-reset': '30' }, undefined) // 30000
 */
export function quotaPauseMs(headers: IncomingHttpHeaders, dateMs: number | undefined): number | undefined {
  for (const { remaining, reset } of NAMES) {
    const [left, at] = [number(headers[remaining]), number(headers[reset])]
    if (left === undefined || at === undefined) continue
    if (left > LOW) return undefined
    const waitMs = at < EPOCH_SECONDS ? at * 1000 : dateMs === undefined ? undefined : at * 1000 - dateMs
    return waitMs === undefined ? undefined : Math.min(MAX_MS, Math.max(0, waitMs))
  }
  return undefined
}
