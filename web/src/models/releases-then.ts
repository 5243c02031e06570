// The releases as they stood at a time of the run: later ones are unknown, and what was in charge then is.

import type { ReleaseView } from '../../../src/api/schemas/releases.ts'

const heldAt = ({ tenures }: Pick<ReleaseView, 'tenures'>, at: number): boolean =>
  tenures.some(({ from, to }) => from <= at && (to === null || at < to))

/** @param at ms UTC of the run's clock. Newest first. */
export function releasesThen(releases: readonly ReleaseView[], at: number): readonly ReleaseView[] {
  const known = releases
    .filter(({ firstSeen }) => firstSeen <= at)
    .map(release => ({
      ...release,
      tenures: release.tenures
        .filter(({ from }) => from <= at)
        .map(({ from, to }) => ({ from, to: to !== null && to <= at ? to : null })),
    }))
  const ended = known.flatMap(({ digest, tenures }) =>
    tenures.flatMap(({ to }) => (to === null ? [] : [{ digest, to }])),
  )
  const last = ended.sort((a, b) => b.to - a.to)[0]?.digest
  return known
    .map(release => ({ ...release, state: stateThen(release, at, release.digest === last) }))
    .sort((a, b) => b.version - a.version)
}

function stateThen(release: ReleaseView, at: number, wasLast: boolean): ReleaseView['state'] {
  if (heldAt(release, at)) return 'active'
  if (release.tenures.length === 0)
    return release.state === 'quarantined' || release.state === 'installed' ? release.state : 'refused'
  return wasLast ? 'previous' : 'retired'
}
