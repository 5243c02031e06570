// One request and its answer, on a connection of its own, with a deadline on every phase and a least speed (REL-46, cases 5 and 6).

import { type IncomingHttpHeaders, type IncomingMessage, request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { Clock } from '../../base/clock.ts'
import { Fault } from '../../base/fault.ts'
import type { Timer } from '../../base/timer.ts'
import { HEADERS_CAP, type HttpLimits } from './limits.ts'
import { shown } from './origin.ts'
import { type Watchdog, watchdog } from './watchdog.ts'
import { wireFault } from './wire-fault.ts'

export type Wire = {
  /** Never goes back. */
  readonly clock: Clock
  readonly timer: Timer
  readonly limits: HttpLimits
  /** Certificates of authorities to trust in place of the system's, as PEM. */
  readonly authorities?: string | undefined
}

export type ExchangeRequest = {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly lookup: LookupFunction
  readonly signal: AbortSignal
}

/** Its body is read, or it is dropped: until then it holds a connection. */
export type Answer = {
  readonly url: URL
  readonly status: number
  readonly headers: IncomingHttpHeaders
  body(): AsyncGenerator<Uint8Array>
  drop(): void
}

/** Faults: those of `wireFault`, `SOURCE_CONNECT_TIMEOUT`, `SOURCE_HEADERS_TIMEOUT`; of the body: `SOURCE_IDLE_TIMEOUT`, `SLOW_RETRIEVAL`, `TRANSFER_TRUNCATED`. */
export function exchange({ url, headers, lookup, signal }: ExchangeRequest, wire: Wire): Promise<Answer> {
  const { limits, authorities } = wire
  const place = shown(url)
  const secure = url.protocol === 'https:'
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const shared = { method: 'GET', headers, lookup, agent: false, maxHeaderSize: HEADERS_CAP } as const
    // Said here so that no environment variable can unsay it.
    const tls = { rejectUnauthorized: true, minVersion: 'TLSv1.2', ca: authorities } as const
    const request = secure ? overHttps(url, { ...shared, ...tls }) : overHttp(url, shared)
    let response: IncomingMessage | undefined
    let bitten: Fault | undefined
    /** What the connection said first; all it says later follows from that. */
    let broken: unknown
    const end = (cause?: Fault): void => {
      dog.calm()
      signal.removeEventListener('abort', stop)
      response?.destroy(cause)
      request.destroy(cause)
    }
    const stop = (): void => end(new Fault('ABORTED', 'called off', { place, cause: signal.reason }))
    const dog = watchdog(wire.timer, fault => {
      bitten = fault
      end(fault)
    })
    /** Why it ended: the caller's wish and our own deadlines come before what the connection says of it. */
    const reason = (cause: unknown): unknown =>
      signal.aborted ? signal.reason : (bitten ?? wireFault(broken ?? cause, place))
    const late = (code: string, ms: number, what: string) => () =>
      new Fault(code, `${what} within ${ms / 1000} s`, { place, fix: 'try again later' })

    signal.addEventListener('abort', stop, { once: true })
    dog.watch(limits.connectMs, late('SOURCE_CONNECT_TIMEOUT', limits.connectMs, 'no connection'))
    request.on('socket', socket => {
      socket.once(secure ? 'secureConnect' : 'connect', () =>
        dog.watch(limits.headersMs, late('SOURCE_HEADERS_TIMEOUT', limits.headersMs, 'no answer')),
      )
    })
    // Stays for good: a connection may fail once more after all was said.
    request.on('error', cause => {
      broken ??= cause
      end()
      reject(reason(cause))
    })
    request.on('response', found => {
      response = found
      dog.calm()
      found.on('error', () => undefined)
      const body = () => paced(found, { wire, dog, place, reason, end: () => end() })
      resolve({ url, status: found.statusCode ?? 0, headers: found.headers, body, drop: () => end() })
    })
    request.end()
  })
}

type Conversation = {
  readonly wire: Wire
  readonly dog: Watchdog
  readonly place: string
  readonly reason: (cause: unknown) => unknown
  readonly end: () => void
}

/** The body as it comes; only the time that we waited for it counts, not what the reader takes for its own work. */
async function* paced(response: IncomingMessage, talk: Conversation): AsyncGenerator<Uint8Array> {
  const { wire, dog, place, reason, end } = talk
  const { idleMs, leastBytesPerSecond, rateWindowMs } = wire.limits
  const chunks = response[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  let [bytes, waitedMs] = [0, 0]
  try {
    for (;;) {
      const asked = wire.clock.now()
      dog.watch(idleMs, () => new Fault('SOURCE_IDLE_TIMEOUT', `silent for ${idleMs / 1000} s`, { place }))
      const next = await chunks.next()
      dog.calm()
      if (next.done === true) return
      bytes += next.value.length
      waitedMs += wire.clock.now() - asked
      if (waitedMs >= rateWindowMs) {
        if (bytes < (leastBytesPerSecond * waitedMs) / 1000) throw tooSlow(bytes, waitedMs, place)
        bytes = 0
        waitedMs = 0
      }
      yield next.value
    }
  } catch (cause) {
    const why = reason(cause)
    throw why instanceof Fault && why.code === 'SOURCE_RESET' ? truncated(place, cause) : why
  } finally {
    end()
  }
}

const tooSlow = (bytes: number, ms: number, place: string): Fault =>
  new Fault('SLOW_RETRIEVAL', `${bytes} bytes in ${Math.round(ms / 1000)} s; someone may be holding the release back`, {
    place,
    fix: 'use a faster mirror',
  })

/** The body ended before its announced end. */
export const truncated = (place: string, cause?: unknown): Fault =>
  new Fault('TRANSFER_TRUNCATED', 'the transfer broke off before its end', { place, fix: 'try again later', cause })
