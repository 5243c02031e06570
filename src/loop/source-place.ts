// Release sources by the names that the configuration gives them.

import { Fault } from '../base/fault.ts'
import { nearest } from '../base/nearest.ts'
import type { Settings } from './settings.ts'

type Configured = Settings['release']['sources']

/** What looks like neither a folder nor a URL can only be a name. */
const NAME_ONLY = /^[a-z][a-z0-9-]{0,31}$/

/**
 * The place that a person means by a name, a folder or a URL.
 *
 * Fault: `SOURCE_UNKNOWN` for a misspelt name, where there are names; elsewhere it is a folder that is not there.
 *
 * @example placeOf('desk', [{ name: 'desk', place: '/mnt/models' }]) // '/mnt/models'
 */
export function placeOf(given: string, configured: Configured): string {
  const found = configured.find(({ name }) => name === given)
  if (found !== undefined) return found.place
  const near = nearest(
    given,
    configured.map(({ name }) => name),
  )
  if (near === undefined || !NAME_ONLY.test(given)) return given
  throw new Fault('SOURCE_UNKNOWN', `no release source ${given} is configured`, {
    place: 'release.sources',
    fix: `did you mean ${near}? A folder of that name is ./${given}`,
  })
}

/** The places to poll: those named, else all that are configured; undefined where there are none. */
export function placesOf(given: readonly string[] | undefined, configured: Configured): readonly string[] | undefined {
  if (given !== undefined) return given.map(one => placeOf(one, configured))
  return configured.length === 0 ? undefined : configured.map(({ place }) => place)
}
