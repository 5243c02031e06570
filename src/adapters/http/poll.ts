// Asks for the pointer only when it changed. The cursor carries what the server said about it, and our own hash of it (REL-40, case 12).

import { z } from 'zod'
import { Fault } from '../../base/fault.ts'
import { sha256 } from '../../base/hash.ts'
import { jsonText } from '../../base/json-text.ts'
import type { HttpClient } from './client.ts'
import { shown } from './origin.ts'

const cursorSchema = z.strictObject({
  etag: z.string().optional(),
  modified: z.string().optional(),
  sha256: z.string(),
})

type Seen = z.infer<typeof cursorSchema>

/** A cursor of another kind of source says nothing here. */
function seenIn(cursor: string | undefined): Seen | undefined {
  return jsonText.pipe(cursorSchema).safeParse(cursor).data
}

function condition(seen: Seen | undefined): Record<string, string> {
  if (seen?.etag !== undefined) return { 'if-none-match': seen.etag }
  return seen?.modified === undefined ? {} : { 'if-modified-since': seen.modified }
}

export type PollRequest = {
  readonly url: URL
  readonly cursor: string | undefined
  readonly limit: number
  readonly signal: AbortSignal
}

/** The new cursor, or undefined while nothing changed. Faults: those of the client, `FILE_TOO_LARGE`. */
export async function poll(
  client: HttpClient,
  { url, cursor, limit, signal }: PollRequest,
): Promise<string | undefined> {
  const seen = seenIn(cursor)
  const headers = condition(seen)
  const statuses = Object.keys(headers).length > 0 ? [200, 304] : [200]
  const answer = await client.get({ url, headers, statuses, packed: limit, signal })
  try {
    if (answer.status === 304) return undefined
    const chunks: Uint8Array[] = []
    let length = 0
    for await (const chunk of answer.body()) {
      chunks.push(chunk)
      length += chunk.length
      if (length > limit) throw new Fault('FILE_TOO_LARGE', `is larger than ${limit} bytes`, { place: shown(url) })
    }
    const found = sha256(Buffer.concat(chunks))
    // Servers that know no conditions, or give each copy a name of its own.
    if (found === seen?.sha256) return undefined
    const { etag, 'last-modified': modified } = answer.headers
    return JSON.stringify({ etag, modified, sha256: found } satisfies Seen)
  } finally {
    answer.drop()
  }
}
