// What a server says about the version of an object: good for asking whether it changed, never for what is in it (case 12).

import type { IncomingHttpHeaders } from 'node:http'

const MINUTE = 60_000

/**
 * For `If-Range`: a strong ETag, or a last change that lies a minute back and is therefore as good as one (RFC 9110, 13.1.5).
 * Undefined where the server gives neither: then a broken transfer starts from the beginning.
 */
export function strongValidator({ etag, date, 'last-modified': modified }: IncomingHttpHeaders): string | undefined {
  if (etag !== undefined && !etag.startsWith('W/')) return etag
  return Date.parse(date ?? '') - Date.parse(modified ?? '') >= MINUTE ? modified : undefined
}
