// Until there are accounts, only this machine is answered: by address, by name and by origin (API-06).

import { Fault } from '../base/fault.ts'
import type { Authorize } from './options.ts'

const NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

export const isLoopbackAddress = (address: string): boolean =>
  address === '::1' || /^(?:::ffff:)?127(?:\.\d{1,3}){3}$/.test(address)

/** Hosts that the server may listen on. @example isLoopbackHost('0.0.0.0') // false */
export const isLoopbackHost = (host: string): boolean => host === 'localhost' || isLoopbackAddress(host)

/** Fault: `HOST_NOT_LOOPBACK`. */
export function requireLoopback(host: string): void {
  if (isLoopbackHost(host)) return
  throw new Fault('HOST_NOT_LOOPBACK', `the server does not listen on ${host}: it knows no users yet`, {
    fix: 'use 127.0.0.1; from elsewhere reach it through an ssh tunnel',
  })
}

/** A site that points its own name at this machine sends that name (DNS rebinding). */
export function checkHost(host: string | undefined): Fault | undefined {
  const name = host?.replace(/:\d{1,5}$/, '').toLowerCase()
  if (name !== undefined && NAMES.has(name)) return undefined
  return new Fault('HOST_REFUSED', 'this server answers to the names of this machine only', {
    place: 'host',
    fix: 'use http://127.0.0.1 or http://localhost',
  })
}

/** Browsers say where a request that changes something comes from; programs say nothing. */
export function checkOrigin(origin: string | undefined, host: string | undefined): Fault | undefined {
  if (origin === undefined || origin === `http://${host}`) return undefined
  return new Fault('ORIGIN_REFUSED', 'another site asked for this change', { place: 'origin' })
}

/** What `authorize` is until there are users: every role, for this machine only. */
export const loopbackOnly: Authorize = (policy, { address }) =>
  policy === 'open' || isLoopbackAddress(address)
    ? undefined
    : new Fault('FORBIDDEN', 'only this machine is answered', { fix: 'ask from the machine itself' })
