// Where a redirect may lead: over https, to a host on the list, with nothing of ours on board (REL-41, case 8).

import { Fault } from '../../base/fault.ts'
import { shown } from './origin.ts'

export type RedirectRules = {
  readonly origin: URL
  /** Beside the origin's own. */
  readonly allowedHosts: readonly string[]
}

const STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

export const isRedirect = (status: number): boolean => STATUSES.has(status)

/**
 * An origin over plain http, as in development, may redirect within itself.
 * Faults: `REDIRECT_INVALID`, `REDIRECT_SCHEME`, `REDIRECT_HOST`.
 */
export function redirectTarget(from: URL, location: string | undefined, { origin, allowedHosts }: RedirectRules): URL {
  const place = shown(from)
  const to = location === undefined ? null : URL.parse(location, from)
  if (to === null || to.username !== '' || to.password !== '') {
    throw new Fault('REDIRECT_INVALID', 'redirects to nowhere, or with credentials', { place })
  }
  const within = to.protocol === origin.protocol && to.host === origin.host
  if (to.protocol !== 'https:' && !within) {
    throw new Fault('REDIRECT_SCHEME', `redirects to ${to.protocol}, and only https is followed`, { place })
  }
  if (to.hostname !== origin.hostname && !allowedHosts.includes(to.hostname)) {
    throw new Fault('REDIRECT_HOST', `redirects to ${to.hostname}, which is on no list`, {
      place,
      fix: 'if that host is yours, add it to cloudTrainer.http.allowedHosts',
    })
  }
  to.hash = ''
  return to
}
