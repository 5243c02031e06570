import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MANIFEST_TYPE, sealEnvelope } from './envelope.ts'
import { built, ED_KEY, MAC_KEY, NOW } from './fixtures/built.ts'
import { highWaterAfter } from './high-water.ts'
import type { TrustedKey } from './keys.ts'
import { notRevoked, type StoredRelease } from './revocation.ts'

const release = built({ keys: [MAC_KEY] })
const revokedKey: TrustedKey = { ...MAC_KEY, state: 'revoked' }
const ask = (over: Partial<StoredRelease> = {}) => {
  const stored = { manifest: release.manifest, envelopeBytes: release.envelopeBytes, keys: [MAC_KEY], mark: undefined }
  const outcome = notRevoked({ ...stored, ...over })
  return outcome.ok ? 'accepted' : outcome.fault.code
}

test('fault 31: what a revoked key alone signed may not be gone back to; signed anew by another it may', () => {
  assert.equal(ask(), 'accepted')
  assert.equal(ask({ keys: [revokedKey] }), 'KEY_REVOKED')
  assert.equal(ask({ keys: [revokedKey, ED_KEY] }), 'KEY_REVOKED')
  const anew = sealEnvelope(MANIFEST_TYPE, release.manifestBytes, [MAC_KEY, ED_KEY])
  assert.equal(ask({ envelopeBytes: anew, keys: [revokedKey, ED_KEY] }), 'accepted')
})

test('fault 31: a second signature that does not fit, or of a key that only signs pointers, saves nothing', () => {
  const forged = new TextDecoder()
    .decode(sealEnvelope(MANIFEST_TYPE, release.manifestBytes, [MAC_KEY, ED_KEY]))
    .replace(/(ed25519","keyid":"[^"]+","sig":")..../, '$1AAAA')
  const keys = [revokedKey, ED_KEY]
  assert.equal(ask({ envelopeBytes: new TextEncoder().encode(forged), keys }), 'KEY_REVOKED')
  const pointerKey: TrustedKey = { ...ED_KEY, use: 'pointer' }
  const anew = sealEnvelope(MANIFEST_TYPE, release.manifestBytes, [MAC_KEY, ED_KEY])
  assert.equal(ask({ envelopeBytes: anew, keys: [revokedKey, pointerKey] }), 'KEY_REVOKED')
})

test('a key that has had its time, or that is not known here, objects to nothing that was verified in its time', () => {
  assert.equal(ask({ keys: [{ ...MAC_KEY, state: 'retired', notAfter: NOW }] }), 'accepted')
  assert.equal(ask({ keys: [ED_KEY] }), 'accepted')
  assert.equal(ask({ keys: [{ ...ED_KEY, state: 'revoked' }] }), 'accepted')
})

test('fault 31: a release of an epoch that is over may not be gone back to', () => {
  const mark = { ...highWaterAfter(undefined, release), epoch: 2 }
  assert.equal(ask({ mark }), 'EPOCH')
  assert.equal(ask({ mark: { ...mark, channel: 'another' } }), 'accepted')
  assert.equal(ask({ mark: { ...mark, epoch: 1 } }), 'accepted')
})

test('an envelope that is none is refused where it matters who signed', () => {
  assert.equal(ask({ envelopeBytes: new Uint8Array(3), keys: [revokedKey] }), 'ENVELOPE_SCHEMA')
  assert.equal(ask({ envelopeBytes: new Uint8Array(3) }), 'accepted')
})
