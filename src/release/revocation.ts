// Whether a release that was verified once may still be used: revoking a key acts at once, also on what is stored (REL-26).

import { accepted, type Outcome, refused } from '../base/fault.ts'
import { claimedSigners, MANIFEST_TYPE, openEnvelope } from './envelope.ts'
import type { HighWater } from './high-water.ts'
import { everTrusted } from './keyring.ts'
import type { TrustedKey } from './keys.ts'
import type { ReleaseManifest } from './release.ts'

export type StoredRelease = {
  readonly manifest: Pick<ReleaseManifest, 'channel' | 'epoch'>
  readonly envelopeBytes: Uint8Array
  /** All that are known, revoked ones too. */
  readonly keys: readonly TrustedKey[]
  /** How far this bot has come; undefined where that is not known. */
  readonly mark: HighWater | undefined
}

/**
 * Refusals: `EPOCH` for a release of an epoch that is over, `KEY_REVOKED` where a revoked key signed and no other that is
 * known, `ENVELOPE_SCHEMA` where it cannot be told who signed.
 */
export function notRevoked({ manifest, envelopeBytes, keys, mark }: StoredRelease): Outcome<void> {
  const place = 'envelope.json'
  if (mark !== undefined && mark.channel === manifest.channel && manifest.epoch < mark.epoch) {
    return refused('EPOCH', `epoch ${manifest.epoch} is over, this bot is in ${mark.epoch}`, { place: 'manifest.json' })
  }
  const outlaws = keys.filter(({ state }) => state === 'revoked')
  if (outlaws.length === 0) return accepted(undefined)
  const claimed = claimedSigners(envelopeBytes)
  if (claimed.length === 0) return refused('ENVELOPE_SCHEMA', 'does not say who signed it', { place })
  const gone = outlaws.find(({ keyid }) => claimed.includes(keyid))
  if (gone === undefined) return accepted(undefined)
  const rest = everTrusted(keys.filter(({ state }) => state !== 'revoked'))
  const options = { payloadType: MANIFEST_TYPE, keys: rest, uses: ['release', 'root'] as const, nowMs: 0, place }
  const signedAnew = (['hmac', 'ed25519'] as const).some(
    alg => openEnvelope(envelopeBytes, { ...options, required: [alg] }).ok,
  )
  if (signedAnew) return accepted(undefined)
  return refused('KEY_REVOKED', `signed by ${gone.keyid}, which is revoked, and by no other key that is known here`, {
    place,
    fix: 'have the release signed with a key that still counts, and install it again',
  })
}
