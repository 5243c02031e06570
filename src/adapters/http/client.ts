// Requests to one origin: headers that go with them, redirects that are followed, and answers that are none (REL-41, case 10).

import { Fault } from '../../base/fault.ts'
import type { Policy } from '../../base/resilience/policy.ts'
import type { Secret } from '../../base/secret.ts'
import { addressGuard } from './address.ts'
import { type Answer, exchange, type Wire } from './exchange.ts'
import { checkedLookup, type Resolve, refuseLiteral } from './lookup.ts'
import { shown } from './origin.ts'
import { isRedirect, redirectTarget } from './redirect.ts'
import { retryAfterMs, statusFault } from './wire-fault.ts'

export type SecretHeader = { readonly name: string; readonly value: Secret }

export type ClientOptions = {
  readonly origin: URL
  readonly allowedHosts: readonly string[]
  readonly secret?: SecretHeader | undefined
  readonly resolve: Resolve
  readonly wire: Wire
  readonly policy: Policy
}

export type GetRequest = {
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  /** Statuses that bring what was asked for; any other is a fault. */
  readonly statuses: readonly number[]
  readonly signal: AbortSignal
}

export interface HttpClient {
  /** One attempt, redirects included. */
  get(request: GetRequest): Promise<Answer>
}

export function httpClient(options: ClientOptions): HttpClient {
  const { origin, secret, resolve, wire, policy } = options
  const guard = addressGuard()
  // It never leaves the origin: neither a redirect's target nor anyone else gets it.
  const credentials: Record<string, string> = {}
  if (secret !== undefined) credentials[secret.name] = new TextDecoder().decode(secret.value.reveal())

  async function ask(url: URL, headers: Readonly<Record<string, string>>, home: boolean, signal: AbortSignal) {
    const permits = home ? guard.home : guard.elsewhere
    refuseLiteral(url, permits)
    return exchange({ url, headers, lookup: checkedLookup(url, permits, resolve), signal }, wire)
  }

  return {
    async get({ url: first, headers, statuses, signal }) {
      const common = { 'user-agent': 'ratchet', accept: '*/*', 'accept-encoding': 'identity', ...headers }
      let answer = await ask(first, { ...common, ...credentials }, true, signal)
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
      const fault = objection(answer, statuses, wire.clock.now())
      if (fault === undefined) return answer
      answer.drop()
      throw fault
    },
  }
}

function objection({ status, headers, url }: Answer, statuses: readonly number[], nowMs: number): Fault | undefined {
  const place = shown(url)
  if (!statuses.includes(status)) {
    return statusFault(status, place, retryAfterMs(headers['retry-after'], headers.date, nowMs))
  }
  const encoding = headers['content-encoding']
  if (encoding === undefined || encoding.toLowerCase() === 'identity') return undefined
  return new Fault('CONTENT_ENCODING', `comes packed as ${encoding}, and was asked for as it is`, {
    place,
    fix: 'let the server send files unpacked',
  })
}
