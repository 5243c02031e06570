// What lies around the installation: the port of the page, the walls around models of others, and the places that are configured.

import { listenerWords } from '../base/surroundings.ts'
import { type DoctorCheck, ok, warn } from './doctor-check.ts'
import type { Ports } from './ports.ts'

const UNASKED = ok('not looked at here')

export const port: DoctorCheck = async ({ ports: { surroundings, settings } }) => {
  if (surroundings === undefined) return UNASKED
  const wanted = settings.api.port
  const listener = await surroundings.listener(wanted)
  if (listener === undefined) return ok(`${wanted} is free`)
  return warn(
    `${wanted} is taken by ${listenerWords(listener)}`,
    settings.mode === 'production'
      ? 'stop it, or name another port with --port'
      : 'nothing to do: the next free port is taken; or name one with --port',
  )
}

export const sandbox: DoctorCheck = async ({ ports: { surroundings } }) => {
  if (surroundings === undefined) return UNASKED
  const walls = Object.entries(await surroundings.walls())
  const missing = walls.flatMap(([name, stands]) => (stands ? [] : [name]))
  if (missing.length === 0) return ok(walls.map(([name]) => name).join(', '))
  return warn(
    `missing around processes with models of others: ${missing.join(', ')}`,
    'run on Linux with util-linux, and where user namespaces are allowed',
  )
}

const isSet = (environment: Ports['environment'], name: string): boolean =>
  (environment[name] ?? environment[`${name}_FILE`] ?? '') !== ''

/** Places that this configuration asks, whoever they belong to. */
function configuredHosts({ settings, environment }: Pick<Ports, 'settings' | 'environment'>): readonly URL[] {
  const { data, integrations, release } = settings
  const urls = [
    ...(isSet(environment, 'POLYGON_API_KEY') ? [data.polygon.baseUrl] : []),
    ...(isSet(environment, 'FRED_API_KEY') ? [data.fred.baseUrl] : []),
    ...(integrations.mlflow.url === null ? [] : [integrations.mlflow.url]),
    ...release.sources.flatMap(({ place }) => place.split(/,(?=https?:\/\/)/i)).filter(place => URL.canParse(place)),
  ].map(text => new URL(text))
  const web = urls.filter(({ protocol }) => /^https?:$/.test(protocol))
  return [...new Map(web.map(url => [url.host, url])).values()]
}

export const network: DoctorCheck = async ({ ports }) => {
  const { surroundings } = ports
  const hosts = configuredHosts(ports)
  if (surroundings === undefined) return UNASKED
  if (hosts.length === 0) return ok('no place outside is configured')
  const silent: string[] = []
  for (const { hostname, port: given, protocol, host } of hosts) {
    const at = given === '' ? (protocol === 'https:' ? 443 : 80) : Number(given)
    await surroundings.reach(hostname, at).catch((cause: unknown) => silent.push(`${host} (${String(cause)})`))
  }
  const plain = hosts.filter(
    ({ protocol, hostname }) => protocol === 'http:' && !/^(localhost|127\.|\[::1\])/.test(hostname),
  )
  if (silent.length > 0)
    return warn(`no answer from ${silent.join(', ')}`, 'check the network, proxies and the configured addresses')
  const names = hosts.map(({ host }) => host).join(', ')
  if (plain.length > 0)
    return warn(`${names} answer; without encryption: ${plain.map(({ host }) => host).join(', ')}`, 'use https')
  return ok(`${names} ${hosts.length === 1 ? 'answers' : 'answer'}`)
}
