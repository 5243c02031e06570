// What every request passes before its route: name of the host, origin, role, rate; and the headers that every answer carries.

import { Fault, type FaultOptions, unwrap } from '../base/fault.ts'
import type { Admission } from './admission.ts'
import type { Api } from './api.ts'
import { checkHost, checkOrigin } from './loopback.ts'
import type { Authorize } from './options.ts'
import { policyOf } from './policies.ts'
import type { RateLimit } from './rate-limit.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers are tagged by their content. */
    etag?: boolean
    /** Never counted against a rate. */
    unlimited?: boolean
    /** Starts work that takes minutes: it has a rate of its own (API-05). */
    costly?: boolean
    /** Served before all others, also when there are more requests than can be answered. */
    first?: boolean
    /** Answered for as long as somebody listens: it takes nobody's turn. */
    stream?: boolean
    /** A body of any kind is taken, and ignored where it is not understood. */
    anyBody?: boolean
  }
}

/** Nothing from elsewhere, nothing inline, in no frame (API-06). */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
}

const READING: ReadonlySet<string> = new Set(['GET', 'HEAD'])

/** For requests, and for those that start work of minutes. */
export type Rates = { readonly usual: RateLimit; readonly costly: RateLimit }

type GuardOptions = { readonly authorize: Authorize; readonly rates: Rates; readonly admission: Admission }

export function guard(api: Api, { authorize, rates, admission }: GuardOptions): void {
  api.addHook('onRoute', ({ method, url }) => {
    for (const name of [method].flat()) {
      if (name !== 'OPTIONS' && policyOf(name, url) === undefined) throw new Error(`route ${name} ${url} has no policy`)
    }
  })

  api.addHook('onRequest', async (request, reply) => {
    const { headers, method, ip, routeOptions } = request
    reply.headers(HEADERS).header('x-request-id', request.id)
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store')
    const refused = (fault: Fault | undefined): void => {
      if (fault !== undefined) throw fault
    }
    refused(checkHost(headers.host))
    if (!READING.has(method)) refused(checkOrigin(headers.origin, headers.host))
    const path = routeOptions.url
    // A path that no route knows is answered by the dashboard or refused as not found.
    if (path !== undefined) {
      const policy = policyOf(method, path) ?? 'admin'
      refused(authorize(policy, { address: ip, method, path }))
    }
    if (routeOptions.config.unlimited === true || !request.url.startsWith('/api/')) return
    const costly = routeOptions.config.costly === true
    const { allowed, limit, remaining, resetSeconds } = (costly ? rates.costly : rates.usual).take(ip)
    reply.headers({
      'ratelimit-limit': limit,
      'ratelimit-remaining': remaining,
      'ratelimit-reset': resetSeconds,
    })
    if (allowed) return
    reply.header('retry-after', resetSeconds)
    const advice: FaultOptions = { fix: `ask again in ${resetSeconds} s` }
    throw new Fault(
      'RATE_LIMITED',
      `more than ${limit} ${costly ? 'such requests an hour' : 'requests a minute'} from one address`,
      advice,
    )
  })

  api.addHook('onRequest', async ({ routeOptions: { config } }, { raw }) => {
    if (config.first === true) return
    const leave = unwrap(await admission.enter())
    // Whoever went while it waited never closes again.
    if (config.stream === true || raw.closed) leave()
    else raw.once('close', leave)
  })
}
