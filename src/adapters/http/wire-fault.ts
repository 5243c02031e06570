// What can go wrong on the wire, as faults: errors of the system, of TLS, of the protocol, and statuses of the server.

import { Fault, type FaultOptions } from '../../base/fault.ts'
import { PAUSE_CAP_MS } from './limits.ts'

/** The server is there and says not now; `pauseMs` where it says for how long. */
export class ServerBusy extends Fault {
  readonly pauseMs: number | undefined

  constructor(code: string, sentence: string, options: FaultOptions, pauseMs: number | undefined) {
    super(code, sentence, options)
    this.pauseMs = pauseMs
  }
}

/** Not there, so shortly after a new pointer that it may be on its way to this mirror (REL-45). */
export class NotYetThere extends Fault {}

type Row = readonly [pattern: RegExp, code: string, sentence: string, fix?: string]

const TLS_FIX = 'mend the certificate of the server; nothing is fetched without it'

/** First match of the error's code wins. */
const ERRORS: readonly Row[] = [
  [
    /^(ENOTFOUND|EAI_\w+|ENODATA|ESERVFAIL)$/,
    'SOURCE_NAME_UNRESOLVED',
    'the name of the host is not known',
    'check the URL and the network',
  ],
  [
    /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|ETIMEDOUT|EADDRNOTAVAIL|ERR_SOCKET_CONNECTION_TIMEOUT)$/,
    'SOURCE_UNREACHABLE',
    'no connection',
    'check that the server runs and can be reached from here',
  ],
  [
    /^(ECONNRESET|EPIPE|ECONNABORTED|ERR_STREAM_PREMATURE_CLOSE)$/,
    'SOURCE_RESET',
    'the connection was cut before an answer came',
  ],
  [/^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/, 'TLS_EXPIRED', 'the certificate is not valid at this time', TLS_FIX],
  [
    /^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/,
    'TLS_WRONG_HOST',
    'the certificate is for another host',
    TLS_FIX,
  ],
  [
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_\w+|CRL_\w+|INVALID_\w+|PATH_LENGTH_EXCEEDED)$/,
    'TLS_UNTRUSTED',
    'the certificate is signed by nobody who is trusted here',
    TLS_FIX,
  ],
  [/^(EPROTO|ERR_SSL_\w+|ERR_TLS_\w+)$/, 'TLS_BROKEN', 'the server does not speak TLS as it must', TLS_FIX],
  [/^(HPE_\w+|ERR_HTTP_\w+)$/, 'HTTP_MALFORMED', 'the answer is no proper HTTP'],
]

const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''

/** An error of the connection as a fault; a fault stays what it is. */
export function wireFault(cause: unknown, place: string): Fault {
  if (cause instanceof Fault) return cause
  const errno = codeOf(cause)
  const row = ERRORS.find(([pattern]) => pattern.test(errno))
  const told = errno === '' ? (cause instanceof Error ? cause.message : String(cause)) : errno
  if (row === undefined) return new Fault('SOURCE_FAILED', `the request failed: ${told}`, { place, cause })
  const [, code, sentence, fix = 'try again later'] = row
  return new Fault(code, `${sentence} (${told})`, { place, fix, cause })
}

/**
 * `Retry-After` in ms, clamped to 0..5 minutes; a date is read against the server's own `Date`, so that nobody's clock matters.
 *
 * @example retryAfterMs('120', undefined, 0) // 120000
 */
export function retryAfterMs(value: string | undefined, date: string | undefined, nowMs: number): number | undefined {
  const text = value?.trim() ?? ''
  if (text === '') return undefined
  const seconds = /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined
  const sent = Date.parse(date ?? '')
  const ms = seconds === undefined ? Date.parse(text) - (Number.isNaN(sent) ? nowMs : sent) : seconds * 1000
  return Number.isNaN(ms) ? undefined : Math.min(PAUSE_CAP_MS, Math.max(0, ms))
}

/** What a status that brings no data means. */
export function statusFault(status: number, place: string, pauseMs: number | undefined): Fault {
  if (status === 404 || status === 410) return new Fault('FILE_MISSING', `is not there (status ${status})`, { place })
  if (status === 401 || status === 403) {
    const code = status === 401 ? 'SOURCE_UNAUTHORIZED' : 'SOURCE_FORBIDDEN'
    return new Fault(code, `the server refuses us (status ${status})`, { place, fix: 'check RELEASES_API_KEY' })
  }
  if (status === 429) {
    return new ServerBusy('SOURCE_RATE_LIMITED', 'the server asks for fewer requests', { place, fix: 'wait' }, pauseMs)
  }
  if ([408, 500, 502, 503, 504].includes(status)) {
    const options = { place, fix: 'try again later' }
    return new ServerBusy('SOURCE_UNAVAILABLE', `the server cannot answer now (status ${status})`, options, pauseMs)
  }
  return new Fault('SOURCE_STATUS', `status ${status} is no answer to this request`, { place })
}
