// Fetches from a published tree behind a base URL: a web server, a bucket, a CDN (REL-40, kind `manifest`).

import type { Clock } from '../../base/clock.ts'
import { Fault } from '../../base/fault.ts'
import { type Bulkhead, bulkhead } from '../../base/resilience/bulkhead.ts'
import type { Policy } from '../../base/resilience/policy.ts'
import type { Timer } from '../../base/timer.ts'
import { CURRENT_PATH, POINTER_PATH } from '../../release/layout.ts'
import { FILE_CAP, POINTER_FILE_CAP } from '../../release/limits.ts'
import type { ReleaseSource } from '../../release/source.ts'
import { httpClient, type SecretHeader } from './client.ts'
import { download } from './download.ts'
import { HTTP_LIMITS, type HttpLimits } from './limits.ts'
import { type Resolve, systemResolve } from './lookup.ts'
import { objectUrl, parseOrigin, shown } from './origin.ts'
import { poll } from './poll.ts'

export type HttpSourceOptions = {
  /** `https://host/path`: the folder that holds `models/pointer.json`. */
  readonly base: string
  /** Never goes back. */
  readonly clock: Clock
  readonly timer: Timer
  /** One for all sources of a process, so that its limits per host hold for all of them. */
  readonly policy: Policy
  readonly limits?: Partial<HttpLimits>
  /** Places for downloads, shared by all sources of a process (REL-46); three of its own where absent. */
  readonly downloads?: { readonly hall: Bulkhead; readonly places: number }
  /** Of one file; more is not read, whatever a caller would take (REL-46). */
  readonly maxFileBytes?: number
  readonly allowHttp?: boolean
  /** Hosts that redirects may lead to, beside the origin's own. */
  readonly allowedHosts?: readonly string[]
  readonly secret?: SecretHeader | undefined
  /** Told what time the place says it is, ms UTC, with each answer that says so. */
  readonly onDate?: ((at: number) => void) | undefined
  readonly resolve?: Resolve
  readonly authorities?: string | undefined
}

const DOWNLOADS = 3

/** The two objects of a tree that change. */
const MUTABLE: ReadonlySet<string> = new Set([POINTER_PATH, CURRENT_PATH])

/**
 * Faults: `URL_INVALID`, `URL_SCHEME`, `URL_CREDENTIALS`, `URL_INSECURE`, `SECRET_UNPROTECTED`.
 *
 * @example await httpSource({ base: 'https://cdn.example.com', clock, timer, policy }).discover(undefined, signal)
 */
export function httpSource(options: HttpSourceOptions): ReleaseSource {
  const { clock, timer, policy, secret, allowHttp = false, allowedHosts = [], resolve = systemResolve } = options
  const limits = { ...HTTP_LIMITS, ...options.limits }
  const origin = parseOrigin(options.base, { plainHttp: allowHttp ? 'loopback' : 'never' })
  const place = shown(origin)
  const { maxFileBytes = FILE_CAP } = options
  const { hall, places } = options.downloads ?? { hall: bulkhead(DOWNLOADS), places: DOWNLOADS }
  if (secret !== undefined && origin.protocol === 'http:') {
    throw new Fault('SECRET_UNPROTECTED', 'a key would travel in the open', {
      place,
      fix: 'use https, or unset the key',
    })
  }
  const wire = { clock, timer, limits, authorities: options.authorities }
  const client = httpClient({ origin, allowedHosts, secret, resolve, wire, policy, onDate: options.onDate })
  /** When a new pointer was seen: what it names may still be on its way. */
  let changedAt = Number.NEGATIVE_INFINITY

  return {
    parallel: places,
    describe: () => ({ kind: 'manifest', place }),
    async discover(cursor, signal) {
      const url = objectUrl(origin, POINTER_PATH)
      const request = { host: origin.hostname, operation: 'poll', totalMs: limits.pollMs, signal }
      const news = await policy
        .run(request, signal => poll(client, { url, cursor, limit: POINTER_FILE_CAP, signal }))
        .catch((cause: unknown) => {
          if (!(cause instanceof Fault) || cause.code !== 'FILE_MISSING') throw cause
          throw new Fault('SOURCE_EMPTY', 'no release was published there', { place: shown(url), cause })
        })
      if (news === undefined) return { kind: 'notModified', cursor: cursor! }
      changedAt = clock.now()
      return {
        kind: 'found',
        cursor: news,
        candidates: [{ layout: 'tree', root: '', pointer: { path: POINTER_PATH } }],
      }
    },
    async *open({ path }, range, signal) {
      const url = objectUrl(origin, path)
      const leave = await hall.enter(signal)
      try {
        const fresh = !MUTABLE.has(path) && clock.now() - changedAt < limits.settleMs
        const most = Math.max(0, maxFileBytes - range.offset)
        const capped = { ...range, limit: Math.min(range.limit, most + 1) }
        const request = { url, range: capped, totalMs: limits.totalMs, fresh, signal }
        yield* atMost(most, download(client, policy, request), shown(url))
      } finally {
        leave()
      }
    },
  }
}

/** Faults: `FILE_TOO_LARGE`. */
async function* atMost(bytes: number, chunks: AsyncIterable<Uint8Array>, place: string): AsyncGenerator<Uint8Array> {
  let sent = 0
  for await (const chunk of chunks) {
    sent += chunk.length
    if (sent > bytes) {
      throw new Fault('FILE_TOO_LARGE', 'is larger than cloudTrainer.performance.maxFileSizeBytes', { place })
    }
    yield chunk
  }
}
