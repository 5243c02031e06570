// Whether a release that was verified once may still be used: revoking a key acts at once, also on what is stored (REL-26).

import { accepted, type Outcome, refused } from '../base/fault.ts'
import { MANIFEST_TYPE, openEnvelope } from './envelope.ts'
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
 * known, `SIGNATURE_…` and `ENVELOPE_…` for an envelope that is damaged.
 */
export function notRevoked({ manifest, envelopeBytes, keys, mark }: StoredRelease): Outcome<void> {
  const place = 'envelope.json'
  if (mark !== undefined && mark.channel === manifest.channel && manifest.epoch < mark.epoch) {
    return refused('EPOCH', `epoch ${manifest.epoch} is over, this bot is in ${mark.epoch}`, { place: 'manifest.json' })
  }
  if (!keys.some(({ state }) => state === 'revoked')) return accepted(undefined)
  const options = { payloadType: MANIFEST_TYPE, uses: ['release', 'root'] as const, nowMs: 0, place }
  const known = everTrusted(keys)
  const opened = (['hmac', 'ed25519'] as const).map(alg =>
    openEnvelope(envelopeBytes, { ...options, keys: known, required: [alg] }),
  )
  if (opened.some(({ ok }) => ok)) return accepted(undefined)
  // Nobody who is believed signed it: the refusal tells a revoked key from a stranger's, who objects to nothing here.
  const objection = opened.find(outcome => !outcome.ok && outcome.fault.code !== 'SIGNATURE_MISSING')
  return objection === undefined || objection.ok ? accepted(undefined) : objection
}
