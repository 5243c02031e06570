// Name resolution that hands out checked addresses only: the one that was checked is the one that is connected to, so a name that
// answers differently the second time gains nothing (REL-41).

import { lookup as systemLookup } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { callbackify } from 'node:util'
import { Fault } from '../../base/fault.ts'
import { shown } from './origin.ts'

export type ResolvedAddress = { readonly address: string; readonly family: number }
export type Resolve = (host: string) => Promise<readonly ResolvedAddress[]>

export const systemResolve: Resolve = host => systemLookup(host, { all: true })

const forbidden = (url: URL, address: string): Fault =>
  new Fault('ADDRESS_FORBIDDEN', `stands for ${address}, an address that is not asked`, {
    place: shown(url),
    fix: 'if the source lies on your own network, name it as the source itself',
  })

/** For a host that is an address already: nothing will be looked up. Fault: `ADDRESS_FORBIDDEN`. */
export function refuseLiteral(url: URL, permits: (address: string) => boolean): void {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !permits(host)) throw forbidden(url, host)
}

/** The `lookup` of a connection. One forbidden address among several is enough to refuse the name. */
export function checkedLookup(url: URL, permits: (address: string) => boolean, resolve: Resolve): LookupFunction {
  const resolved = callbackify(resolve)
  return (host, { all }, callback) =>
    resolved(host, (cause, addresses) => {
      const bad = addresses?.find(({ address }) => !permits(address))
      const [first] = addresses ?? []
      if (cause !== null) callback(cause, '')
      else if (bad !== undefined) callback(forbidden(url, bad.address), '')
      else if (first === undefined) callback(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '')
      else if (all === true) callback(null, [...addresses])
      else callback(null, first.address, first.family)
    })
}
