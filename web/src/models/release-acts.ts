// What may be done with a release as it stands: the button that would only be refused is not shown.

import type { ReleaseView } from '../../../src/api/schemas/releases.ts'

export type ReleaseAct = 'promote' | 'pin' | 'unpin' | 'block' | 'unblock'

type Standing = {
  /** Digest of what decides; null is the baseline. */
  readonly inCharge: string | null
  readonly pinned: boolean
}

type Subject = Pick<ReleaseView, 'digest' | 'state' | 'blocked' | 'blockedByHand'>

/** @example releaseActs(release, { inCharge: release.digest, pinned: false }) // ['pin'] */
export function releaseActs(
  { digest, state, blocked, blockedByHand }: Subject,
  { inCharge, pinned }: Standing,
): readonly ReleaseAct[] {
  if (digest === inCharge) return [pinned ? 'unpin' : 'pin']
  // What a person blocked, and what proved harmful, is unblocked first; a gate's no is answered by asking again.
  const closed = blockedByHand || state === 'quarantined'
  return [
    ...(closed ? [] : (['promote'] as const)),
    ...(blockedByHand ? [] : (['block'] as const)),
    ...(blocked ? (['unblock'] as const) : []),
  ]
}
