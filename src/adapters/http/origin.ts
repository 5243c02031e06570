// The base URL of a published tree: which ones are accepted, where its objects lie, and how it is shown without its secrets.

import { Fault } from '../../base/fault.ts'
import { treePath } from '../files/tree-path.ts'

export type OriginOptions = {
  /** Where plain http is accepted too: nowhere, to this machine alone, or wherever the configuration says. */
  readonly plainHttp: 'never' | 'loopback' | 'anywhere'
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/** Scheme, host and path: what may be printed of a URL. Queries carry signatures, and user names passwords. */
export const shown = (url: URL): string => `${url.protocol}//${url.host}${url.pathname}`

/**
 * @example parseOrigin('https://cdn.example.com/ratchet', { plainHttp: 'never' }).pathname // '/ratchet'
 * Faults: `URL_INVALID`, `URL_SCHEME`, `URL_CREDENTIALS`, `URL_INSECURE`.
 */
export function parseOrigin(text: string, { plainHttp }: OriginOptions): URL {
  const url = URL.parse(text)
  if (url === null) {
    // What cannot be parsed may hold a secret anywhere.
    throw new Fault('URL_INVALID', 'the address of the source is no URL', { fix: 'write https://host/path' })
  }
  const place = shown(url)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new Fault('URL_SCHEME', `a source is fetched over https, not ${url.protocol}`, { place })
  }
  if (url.username !== '' || url.password !== '') {
    throw new Fault('URL_CREDENTIALS', 'a user name or password in a URL ends up in logs and process lists', {
      place,
      fix: 'leave it out and set RELEASES_API_KEY, which is sent as a header',
    })
  }
  const insecure = url.protocol === 'http:' && plainHttp !== 'anywhere'
  if (insecure && !(plainHttp === 'loopback' && LOOPBACK.test(url.hostname))) {
    throw new Fault('URL_INSECURE', 'plain http is for a server on this machine, in development', {
      place,
      fix: 'use https',
    })
  }
  url.hash = ''
  return url
}

/** Where an object of the tree lies; the query of the base URL, such as a signed access token, goes with it. Fault: `PATH_OUTSIDE`. */
export function objectUrl(base: URL, path: string): URL {
  const url = new URL(base)
  url.pathname = treePath(base.pathname.replace(/\/+$/, ''), path)
  return url
}
