// Requests to one origin: headers that go with them, redirects that are followed, and answers that are none (REL-41, case 10).

import { Fault } from '../../base/fault.ts'
import type { Policy } from '../../base/resilience/policy.ts'
import type { Secret } from '../../base/secret.ts'
import { addressGuard } from './address.ts'
import { type Answer, exchange, type Wire } from './exchange.ts'
import { checkedLookup, type Resolve, refuseLiteral } from './lookup.ts'
import { shown } from './origin.ts'
import { quotaPauseMs } from './quota.ts'
import { isRedirect, redirectTarget } from './redirect.ts'
import { unzipped } from './unzip.ts'
import { retryAfterMs, statusFault } from './wire-fault.ts'

export type SecretHeader = {
  readonly name: string
  /** A function where it has to be read first. */
  readonly value: Secret | (() => Promise<Secret>)
}

export type ClientOptions = {
  readonly origin: URL
  readonly allowedHosts: readonly string[]
  readonly secret?: SecretHeader | undefined
  readonly resolve: Resolve
  readonly wire: Wire
  readonly policy: Policy
  readonly onDate?: ((at: number) => void) | undefined
}

export type GetRequest = {
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  /** Statuses that bring what was asked for; any other is a fault. */
  readonly statuses: readonly number[]
  /** It may come as gzip, in at most so many bytes; the body is unpacked as it is read. For JSON: blobs come as they are. */
  readonly packed?: number
  readonly signal: AbortSignal
}

export interface HttpClient {
  /** One attempt, redirects included. */
  get(request: GetRequest): Promise<Answer>
}

export function httpClient(options: ClientOptions): HttpClient {
  const { origin, secret, resolve, wire, policy, onDate } = options
  const guard = addressGuard()
  // It never leaves the origin: neither a redirect's target nor anyone else gets it.
  const credentials = async (): Promise<Record<string, string>> => {
    if (secret === undefined) return {}
    const { name, value } = secret
    const known = typeof value === 'function' ? await value() : value
    return { [name]: new TextDecoder().decode(known.reveal()) }
  }

  async function ask(url: URL, headers: Readonly<Record<string, string>>, home: boolean, signal: AbortSignal) {
    const permits = home ? guard.home : guard.elsewhere
    refuseLiteral(url, permits)
    return exchange({ url, headers, lookup: checkedLookup(url, permits, resolve), signal }, wire)
  }

  return {
    async get({ url: first, headers, statuses, packed, signal }) {
      const encoding = packed === undefined ? 'identity' : 'gzip'
      const common = { 'user-agent': 'ratchet', accept: '*/*', 'accept-encoding': encoding, ...headers }
      let answer = await ask(first, { ...common, ...(await credentials()) }, true, signal)
      for (let hops = 0; isRedirect(answer.status); hops++) {
        answer.drop()
        const { url } = answer
        if (hops >= wire.limits.redirects) {
          throw new Fault('REDIRECT_LIMIT', `redirects more than ${wire.limits.redirects} times`, { place: shown(url) })
        }
        const next = redirectTarget(url, answer.headers.location, options)
        await policy.turn(next.hostname, signal)
        answer = await ask(next, common, next.hostname === origin.hostname, signal)
      }
      const at = dateOf(answer)
      if (at !== undefined) onDate?.(at)
      const pauseMs = quotaPauseMs(answer.headers, at)
      policy.answered(answer.url.hostname, { free: answer.status === 304 && statuses.includes(304), pauseMs })
      const fault = objection(answer, statuses, encoding, wire.clock.now())
      if (fault !== undefined) {
        answer.drop()
        throw fault
      }
      if (packed === undefined || encodingOf(answer) !== 'gzip') return answer
      const raw = answer
      return { ...raw, body: () => unzipped(raw.body(), packed, shown(raw.url)) }
    },
  }
}

/** What time the place says it is; an answer that a cache kept has grown older by its `Age` (RFC 9111). */
function dateOf({ headers }: Answer): number | undefined {
  const said = Date.parse(headers.date ?? '')
  const age = Number(headers['age'] ?? 0)
  return Number.isFinite(said) && age >= 0 ? said + age * 1000 : undefined
}

const encodingOf = ({ headers }: Answer): string => headers['content-encoding']?.trim().toLowerCase() ?? 'identity'

/** @param asked encoding that was asked for; as it is is always right */
function objection(
  answer: Answer,
  statuses: readonly number[],
  asked: 'identity' | 'gzip',
  nowMs: number,
): Fault | undefined {
  const { status, headers, url } = answer
  const place = shown(url)
  if (!statuses.includes(status)) {
    return statusFault(status, place, retryAfterMs(headers['retry-after'], headers.date, nowMs))
  }
  const encoding = encodingOf(answer)
  if (encoding === 'identity' || encoding === asked) return undefined
  return new Fault('CONTENT_ENCODING', `comes packed as ${encoding}, and was asked for as ${asked}`, {
    place,
    fix: 'let the server send files unpacked',
  })
}
