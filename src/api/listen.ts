// Where the server listens: this machine only, on its port or in development on the next free one (INST-04).

import { Fault } from '../base/fault.ts'
import type { Api } from './api.ts'
import { requireLoopback } from './loopback.ts'

export type ListenOptions = {
  readonly host: string
  /** 0 takes any free one. */
  readonly port: number
  /** A busy port is passed over. */
  readonly development: boolean
  /** Ports that are tried after the first. */
  readonly more?: number
  /** Who listens on a port, in words. */
  readonly ownerOf?: ((port: number) => string) | undefined
}

export type Listening = { readonly url: string; readonly port: number }

const isBusy = (cause: unknown): boolean => cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE'

const ADVICE = 'stop what listens there, or name another with --port'

/** Faults: `HOST_NOT_LOOPBACK`, `PORT_BUSY`, `PORT_REFUSED`. */
export async function listen(
  api: Api,
  { host, port, development, more = 20, ownerOf }: ListenOptions,
): Promise<Listening> {
  requireLoopback(host)
  const last = development && port !== 0 ? Math.min(65_535, port + more) : port
  for (let at = port; ; at++) {
    try {
      await api.listen({ host, port: at })
      const bound = api.server.address()
      const taken = typeof bound === 'object' && bound !== null ? bound.port : at
      return { url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`, port: taken }
    } catch (cause) {
      if (!isBusy(cause)) {
        throw new Fault('PORT_REFUSED', `the server cannot listen on ${host}:${at}: ${String(cause)}`, {
          fix: 'name another port with --port',
          cause,
        })
      }
      if (at < last) continue
      const which = last === port ? `port ${port} is` : `ports ${port} to ${last} are all`
      throw new Fault(
        'PORT_BUSY',
        `${which} taken by ${last === port ? (ownerOf?.(port) ?? 'another program') : 'other programs'}`,
        { place: `${host}:${at}`, fix: ADVICE, cause },
      )
    }
  }
}
