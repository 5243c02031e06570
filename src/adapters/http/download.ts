// One object, or a part of it: stops at its limit, and goes on where a broken transfer ended (REL-46, cases 2 to 4).

import { Fault } from '../../base/fault.ts'
import type { Policy } from '../../base/resilience/policy.ts'
import type { ByteRange } from '../../release/source.ts'
import type { HttpClient } from './client.ts'
import { type Answer, truncated } from './exchange.ts'
import { shown } from './origin.ts'
import { strongValidator } from './validator.ts'
import { NotYetThere } from './wire-fault.ts'

export type DownloadRequest = {
  readonly url: URL
  readonly range: ByteRange
  readonly totalMs: number
  /** It may not have reached this mirror yet. */
  readonly fresh: boolean
  readonly signal: AbortSignal
}

type Extent = {
  /** Bytes of the body that lie before what is wanted. */
  readonly skip: number
  /** Size of the whole object, where it is told. */
  readonly total: number | undefined
}

/** Faults: those of the client, `FILE_TOO_LARGE`, `CONTENT_LENGTH`, `CONTENT_RANGE`, `TRANSFER_CHANGED`, `TRANSFER_TRUNCATED`. */
export function download(client: HttpClient, policy: Policy, request: DownloadRequest): AsyncGenerator<Uint8Array> {
  const { url, range, totalMs, fresh, signal } = request
  const { offset, limit, whole = false } = range
  let sent = 0
  let validator: string | undefined

  async function* attempt(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const from = offset + sent
    if (sent >= limit) return
    // Without a validator the parts might be of two versions, so it starts again and passes over what was sent.
    const part = sent === 0 ? !whole || offset > 0 : validator !== undefined
    const headers: Record<string, string> = part ? { range: `bytes=${from}-${offset + limit - 1}` } : {}
    if (part && sent > 0) headers['if-range'] = validator!
    const answer = await client.get({ url, headers, statuses: [200, 206, 416], signal })
    try {
      const extent = extentOf(answer, from, range)
      if (extent === undefined) return
      validator = continued(answer, sent, validator)
      let { skip } = extent
      for await (const chunk of answer.body()) {
        const wanted = chunk.subarray(Math.min(skip, chunk.length)).subarray(0, limit - sent)
        skip -= Math.min(skip, chunk.length)
        sent += wanted.length
        if (wanted.length > 0) yield wanted
        if (sent >= limit) return
      }
      if (extent.total !== undefined && offset + sent < extent.total) throw truncated(shown(url))
    } finally {
      answer.drop()
    }
  }

  return policy.stream({ host: url.hostname, operation: 'fetch', totalMs, signal }, async function* (signal) {
    try {
      yield* attempt(signal)
    } catch (cause) {
      if (!fresh || !(cause instanceof Fault) || cause.code !== 'FILE_MISSING') throw cause
      throw new NotYetThere(cause.code, cause.message, { place: shown(url), cause })
    }
  })
}

/** Which part of the object this answer brings; undefined when there is nothing behind `from`. */
function extentOf(
  { status, headers, url }: Answer,
  from: number,
  { offset, limit, whole }: ByteRange,
): Extent | undefined {
  const place = shown(url)
  const announced = headers['content-length'] === undefined ? undefined : Number(headers['content-length'])
  if (status === 200) {
    // Refused before a byte of it is read (case 3).
    if (whole === true && announced !== undefined && announced >= offset + limit)
      throw tooLarge(announced, offset + limit, place)
    return { skip: from, total: announced }
  }
  const [, start, , size] = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/.exec(headers['content-range'] ?? '') ?? []
  const total = size === undefined || size === '*' ? undefined : Number(size)
  if (status === 416) {
    if (total !== undefined && from >= total) return undefined
    throw new Fault('CONTENT_RANGE', `says that nothing lies behind byte ${from}`, { place })
  }
  if (start === undefined || Number(start) !== from) {
    throw new Fault('CONTENT_RANGE', `brings bytes from ${start ?? 'anywhere'}, asked for from ${from}`, { place })
  }
  if (whole === true && total !== undefined && total >= offset + limit) throw tooLarge(total, offset + limit, place)
  if (announced !== undefined && announced > offset + limit - from) {
    throw new Fault('CONTENT_LENGTH', `announces ${announced} bytes where ${offset + limit - from} were asked for`, {
      place,
    })
  }
  return { skip: 0, total }
}

const tooLarge = (size: number, end: number, place: string): Fault =>
  new Fault('FILE_TOO_LARGE', `is announced with ${size} bytes, ${end - 1} are allowed`, { place })

/** The validator to go on with; a part of another version is not put behind the parts that were sent. */
function continued({ headers, url }: Answer, sent: number, before: string | undefined): string | undefined {
  const now = strongValidator(headers)
  if (sent > 0 && before !== undefined && now !== before) {
    throw new Fault('TRANSFER_CHANGED', 'became another file while it was read', {
      place: shown(url),
      fix: 'try again later',
    })
  }
  return now
}
