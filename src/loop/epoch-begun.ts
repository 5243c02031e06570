// The first release of a new epoch: bots take it from the offline root key alone, so nothing else is published as one (REL-16, REL-26).

import { accepted, type Outcome, refused } from '../base/fault.ts'
import { MANIFEST_TYPE, openEnvelope } from '../release/envelope.ts'
import type { TrustedKey } from '../release/keys.ts'

/** Whether a root key that is trusted here signed this envelope, and every other signature of a known key fits too. */
export function rootSigned(envelopeBytes: Uint8Array, keys: readonly TrustedKey[], nowMs: number): boolean {
  const place = 'envelope.json'
  const options = { payloadType: MANIFEST_TYPE, keys, required: ['ed25519'], uses: ['root'], nowMs, place } as const
  return openEnvelope(envelopeBytes, options).ok
}

export type EpochQuestion = {
  /** Of the release. */
  readonly epoch: number
  readonly byRoot: boolean
  /** Of the keys here. */
  readonly ours: number
  /** Of what is published; undefined where nothing is, or nothing that is still believed. */
  readonly published: number | undefined
}

/**
 * Refusal: `EPOCH`, for what every bot would refuse, so that the channel would stand still.
 *
 * @example epochBegun({ epoch: 2, byRoot: false, ours: 2, published: 1 }).ok // false
 */
export function epochBegun({ epoch, byRoot, ours, published }: EpochQuestion): Outcome<void> {
  const place = 'manifest.json'
  if (epoch < ours) {
    return refused('EPOCH', `epoch ${epoch} is over, the keys here are in ${ours}`, {
      place,
      fix: 'build a new release',
    })
  }
  if (published === undefined || epoch <= published || byRoot) return accepted(undefined)
  return refused('EPOCH', `the first release of epoch ${epoch} is not signed by the root key`, {
    place,
    fix: 'sign it: ratchet sign --manifest release/manifest.json --envelope --root-file FILE',
  })
}
