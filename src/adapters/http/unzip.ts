// A body that came packed, unpacked as it comes: JSON only, never more of it than its cap (REL-47, case 10).

import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { Fault } from '../../base/fault.ts'
import { truncated } from './exchange.ts'

/** A gzip frame around what cannot be packed. */
const OVERHEAD = 1024

/**
 * Whoever reads stops at his cap of unpacked bytes; packed ones beyond it, which unpack to nothing, end it here.
 *
 * @param limit most bytes that may come over the wire
 * Faults: those of the body, `FILE_TOO_LARGE`, `CONTENT_ENCODING` for what is no gzip, `TRANSFER_TRUNCATED`.
 */
export async function* unzipped(
  body: AsyncIterable<Uint8Array>,
  limit: number,
  place: string,
): AsyncGenerator<Uint8Array> {
  async function* capped(): AsyncGenerator<Uint8Array> {
    let length = 0
    for await (const chunk of body) {
      length += chunk.length
      if (length > limit + OVERHEAD)
        throw new Fault('FILE_TOO_LARGE', `is larger than ${limit} bytes packed`, { place })
      yield chunk
    }
  }
  const gunzip = createGunzip()
  const fed = pipeline(capped(), gunzip)
  // What it says is said by the reading below as well.
  fed.catch(() => undefined)
  try {
    yield* gunzip as AsyncIterable<Uint8Array>
    await fed
  } catch (cause) {
    if (cause instanceof Fault || !(cause instanceof Error) || !('code' in cause)) throw cause
    if (cause.code === 'Z_BUF_ERROR') throw truncated(place, cause)
    if (typeof cause.code !== 'string' || !cause.code.startsWith('Z_')) throw cause
    throw new Fault('CONTENT_ENCODING', 'says that it comes as gzip, and is none', {
      place,
      fix: 'let the server send files unpacked',
      cause,
    })
  } finally {
    gunzip.destroy()
  }
}
