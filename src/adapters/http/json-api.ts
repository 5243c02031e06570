// Questions to a vendor's JSON interface: one rate limit, breaker and retry policy, a deadline on every attempt, a cap on every answer,
// and a schema at the door (DATA-02, DATA-03).

import type { z } from 'zod'
import type { Clock } from '../../base/clock.ts'
import { withDeadline } from '../../base/deadline.ts'
import { Fault } from '../../base/fault.ts'
import { sha256 } from '../../base/hash.ts'
import { jsonText } from '../../base/json-text.ts'
import type { Log } from '../../base/log.ts'
import type { CallListener } from '../../base/resilience/call-fact.ts'
import { type FailureKind, resiliencePolicy } from '../../base/resilience/policy.ts'
import type { Rng } from '../../base/rng.ts'
import { type Secret, secretText } from '../../base/secret.ts'
import type { Timer } from '../../base/timer.ts'
import type { VendorHealth } from '../../data/vendor.ts'
import { reachOf } from './address.ts'
import { httpClient } from './client.ts'
import type { Answer } from './exchange.ts'
import { failureKind } from './failure-kind.ts'
import { HTTP_LIMITS } from './limits.ts'
import { systemResolve } from './lookup.ts'
import { parseOrigin, shown } from './origin.ts'

/** What the vendor's interface is like. */
export type JsonVendor = {
  /** Lower case, as in `data fetch polygon`. */
  readonly name: string
  /** Where the key comes from: what a refusal tells people to look at. */
  readonly keyName: string
  /** The key travels as `Authorization: Bearer`, or in the query under this name. */
  readonly keyIn: 'bearer' | { readonly query: string }
  /** What the body of a refusal says, in the vendor's own words. */
  readonly saysWhy: z.ZodType<string>
}

export type JsonApiOptions = {
  readonly base: string
  readonly key: Secret
  readonly requestsPerMinute: number
  /** Never goes back. */
  readonly clock: Clock
  readonly timer: Timer
  readonly rng: Rng
  readonly log: Log
  readonly onCall?: CallListener | undefined
}

export type JsonAnswer<T> = { readonly value: T /** Of the bytes as they came. */; readonly sha256: string }

export interface JsonApi {
  /** The base URL, without the key. */
  readonly base: URL
  /**
   * Faults: those of the wire (`SOURCE_…`, `TRANSFER_TRUNCATED`, `TLS_…`, `REDIRECT_…`), of the policy (`BREAKER_OPEN`, `RATE_…`,
   * `DEADLINE_EXCEEDED`), `DATA_REFUSED` (the vendor says why), `SOURCE_MALFORMED`, `FILE_TOO_LARGE`.
   */
  get<T>(url: URL, schema: z.ZodType<T>, signal: AbortSignal): Promise<JsonAnswer<T>>
  health(): VendorHealth
}

export const JSON_LIMITS = Object.freeze({
  attemptMs: 30_000,
  retries: 3,
  /** One question with its tries and pauses; the longest pause that is obeyed is 5 minutes. */
  totalMs: 600_000,
  bodyBytes: 32 * 1024 * 1024,
  refusalBytes: 64 * 1024,
  /** Mean time of the last answers above which the vendor counts as degraded. */
  degradedMs: 10_000,
  meanOf: 20,
})

const TIMED_OUT = 'SOURCE_ATTEMPT_TIMEOUT'

/** Who says that a question is wrong is well himself. */
function kindOf(failure: unknown): FailureKind {
  const code = failure instanceof Fault ? failure.code : ''
  if (code === TIMED_OUT) return { retry: true, counts: true }
  return code === 'DATA_REFUSED' ? { retry: false, counts: false } : failureKind(failure)
}

/** A burst and a rate that together never exceed the limit in any minute. */
export function withinMinute(requestsPerMinute: number): { readonly perMinute: number; readonly burst: number } {
  const burst = Math.max(1, Math.floor(requestsPerMinute / 10))
  return { burst, perMinute: requestsPerMinute - burst + 1 }
}

async function bytesOf(answer: Answer, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of answer.body()) {
    chunks.push(chunk)
    length += chunk.length
    if (length > limit) {
      throw new Fault('FILE_TOO_LARGE', `the answer is larger than ${limit} bytes`, { place: shown(answer.url) })
    }
  }
  return Buffer.concat(chunks)
}

/** What a vendor says is shown to people: one short line without control characters, and without our key should it be echoed. */
const quotable = (text: string, key: string): string =>
  text
    .replaceAll(key, '[secret]')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 200)

/** Faults: `URL_…` of a base that is none, `SECRET_UNPROTECTED` where the key would travel in the open. */
export function jsonApi(vendor: JsonVendor, options: JsonApiOptions): JsonApi {
  const { key, clock, timer, rng, log, onCall } = options
  const base = parseOrigin(options.base, { plainHttp: 'anywhere' })
  const literal = base.hostname.replace(/^\[|\]$/g, '')
  // Plain http never leaves this machine.
  if (base.protocol === 'http:' && (reachOf(literal) !== 'inside' || !/^(127\.|::1$)/.test(literal))) {
    throw new Fault('SECRET_UNPROTECTED', 'the key would travel in the open', {
      place: shown(base),
      fix: `use https in data.${vendor.name}.baseUrl`,
    })
  }
  const text = new TextDecoder().decode(key.reveal())
  const policy = resiliencePolicy({
    clock,
    timer,
    rng,
    log,
    onCall,
    kindOf,
    ...withinMinute(options.requestsPerMinute),
    maxRetries: JSON_LIMITS.retries,
    backoff: { baseDelayMs: 1_000, maxDelayMs: 30_000 },
    // Slowness is told as degradation; it alone is no reason not to ask.
    breaker: { failureThreshold: 5, openMs: 60_000, slowMs: Number.POSITIVE_INFINITY },
  })
  const limits = { ...HTTP_LIMITS, headersMs: JSON_LIMITS.attemptMs, idleMs: JSON_LIMITS.attemptMs }
  const { keyIn } = vendor
  const client = httpClient({
    origin: base,
    allowedHosts: [],
    secret: keyIn === 'bearer' ? { name: 'authorization', value: secretText(`Bearer ${text}`) } : undefined,
    resolve: systemResolve,
    wire: { clock, timer, limits },
    policy,
  })
  let requests = 0
  let durations: number[] = []

  const health = (): VendorHealth => {
    const meanMs = durations.length === 0 ? null : durations.reduce((sum, ms) => sum + ms, 0) / durations.length
    return { requests, meanMs, degraded: meanMs !== null && meanMs > JSON_LIMITS.degradedMs }
  }
  const took = (ms: number): void => {
    const before = health().degraded
    durations = [...durations, ms].slice(-JSON_LIMITS.meanOf)
    const { degraded, meanMs } = health()
    if (degraded === before) return
    const mean = `${((meanMs ?? 0) / 1000).toFixed(1)} s`
    log.write(
      degraded ? 'warn' : 'info',
      'data.vendor',
      `${vendor.name} is ${degraded ? 'slow' : 'well again'}: ${mean}`,
    )
  }

  async function ask<T>(url: URL, schema: z.ZodType<T>, signal: AbortSignal): Promise<JsonAnswer<T>> {
    const place = shown(url)
    const asked = new URL(url)
    if (keyIn !== 'bearer') asked.searchParams.set(keyIn.query, text)
    const headers = { accept: 'application/json' }
    const answer = await client.get({
      url: asked,
      headers,
      statuses: [200, 400, 401, 403, 404],
      packed: JSON_LIMITS.bodyBytes,
      signal,
    })
    try {
      if (answer.status !== 200) throw await refusal(answer, place)
      const bytes = await bytesOf(answer, JSON_LIMITS.bodyBytes)
      const parsed = jsonText.pipe(schema).safeParse(bytes.toString('utf8'))
      if (parsed.success) return { value: parsed.data, sha256: sha256(bytes) }
      const [issue] = parsed.error.issues
      const where = issue!.path.length === 0 ? '' : ` at ${issue!.path.map(String).join('.')}`
      throw new Fault('SOURCE_MALFORMED', `the answer is not what ${vendor.name} documents${where}`, {
        place,
        fix: 'try again later; nothing of this answer was kept',
      })
    } finally {
      answer.drop()
    }
  }

  async function refusal(answer: Answer, place: string): Promise<Fault> {
    const body = (await bytesOf(answer, JSON_LIMITS.refusalBytes)).toString('utf8')
    const said = jsonText.pipe(vendor.saysWhy).safeParse(body)
    const words = said.success ? `: ${quotable(said.data, text)}` : ''
    const sentence = `${vendor.name} refuses (status ${answer.status})${words}`
    // FRED answers 400 where its key is wrong.
    const aboutKey = answer.status === 401 || (answer.status === 400 && /api_?key/i.test(words))
    if (aboutKey) return new Fault('SOURCE_UNAUTHORIZED', sentence, { place, fix: `check ${vendor.keyName}` })
    if (answer.status === 403) {
      return new Fault('SOURCE_FORBIDDEN', sentence, { place, fix: 'check what your plan with the vendor includes' })
    }
    return new Fault('DATA_REFUSED', sentence, { place, fix: 'check the symbol or series and the dates' })
  }

  return {
    base,
    health,
    get(url, schema, signal) {
      const operation = { host: base.hostname, operation: vendor.name, totalMs: JSON_LIMITS.totalMs, signal }
      return policy.run(operation, async signal => {
        const began = clock.now()
        requests++
        const late = () =>
          new Fault(TIMED_OUT, `no whole answer within ${JSON_LIMITS.attemptMs / 1000} s`, { place: shown(url) })
        try {
          return await withDeadline(signal => ask(url, schema, signal), {
            ms: JSON_LIMITS.attemptMs,
            timer,
            signal,
            late,
          })
        } finally {
          took(clock.now() - began)
        }
      })
    },
  }
}
