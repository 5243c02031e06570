import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Outcome, unwrap } from '../base/fault.ts'
import { secretBytes } from '../base/secret.ts'
import { ed25519SigningKey } from './ed25519.ts'
import { MANIFEST_TYPE, type OpenEnvelopeOptions, openEnvelope, preAuthEncoding, sealEnvelope } from './envelope.ts'
import { VECTORS } from './fixtures/vectors.ts'
import { botKey, type HmacKey, type TrustedKey } from './keys.ts'

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))
const codeOf = (outcome: Outcome<unknown>) => (outcome.ok ? 'accepted' : outcome.fault.code)
const vector = VECTORS.get('committed')!.envelope
const body = new TextEncoder().encode(vector.body)
const mac: HmacKey = {
  keyid: vector.hmacKeyid,
  alg: 'hmac',
  use: 'release',
  state: 'active',
  secret: secretBytes(hex(vector.hmacKeyHex)),
}
const edward = ed25519SigningKey(secretBytes(hex(vector.ed25519SeedHex)))
const sealed = sealEnvelope(MANIFEST_TYPE, body, [mac, edward])

const open = (bytes: Uint8Array, options: Partial<OpenEnvelopeOptions> = {}) =>
  openEnvelope(bytes, {
    payloadType: MANIFEST_TYPE,
    keys: [mac, edward],
    required: ['hmac', 'ed25519'],
    uses: ['release'],
    nowMs: 0,
    place: 'envelope.json',
    ...options,
  })

for (const [copy, { envelope, botKeys }] of VECTORS) {
  test(`${copy} vector: encoding, key ids and both signatures`, () => {
    assert.equal(Buffer.from(preAuthEncoding(envelope.payloadType, body)).toString('hex'), envelope.paeHex)
    assert.equal(edward.keyid, envelope.ed25519Keyid)
    assert.equal(Buffer.from(edward.publicKey).toString('hex'), envelope.ed25519PublicKeyHex)
    assert.deepEqual(JSON.parse(new TextDecoder().decode(sealed)), envelope.envelope)
  })
  for (const { master, botId, generation, key } of botKeys) {
    test(`${copy} vector: the MAC key of ${botId}, generation ${generation}`, () => {
      const derived = botKey(secretBytes(hex(master)), botId, generation)
      assert.equal(Buffer.from(derived.secret.reveal()).toString('hex'), key)
      assert.equal(derived.keyid, `hmac:${botId}:${generation}`)
    })
  }
}

test('what was sealed opens to the same bytes and says who signed', () => {
  const { body: found, signedBy } = unwrap(open(sealed))
  assert.deepEqual(found, body)
  assert.deepEqual(signedBy, [mac, edward])
})

test('fault 15: every flipped bit of an envelope is refused', () => {
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const flipped = Uint8Array.from(sealed)
    flipped[bit >> 3]! ^= 1 << (bit & 7)
    assert.notEqual(codeOf(open(flipped)), 'accepted', `bit ${bit}`)
  }
})

test('fault 15: every flipped bit of an envelope is refused even where one signature would do', () => {
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const flipped = Uint8Array.from(sealed)
    flipped[bit >> 3]! ^= 1 << (bit & 7)
    assert.notEqual(codeOf(open(flipped, { required: ['hmac'] })), 'accepted', `bit ${bit}`)
  }
})

// The signature is over bytes.
test('fault 16: a payload written anew is refused', () => {
  const envelope = JSON.parse(new TextDecoder().decode(sealed)) as { payload: string }
  const spaced = Buffer.from(JSON.stringify(JSON.parse(vector.body), undefined, 1)).toString('base64')
  const bytes = new TextEncoder().encode(JSON.stringify({ ...envelope, payload: spaced }))
  assert.equal(codeOf(open(bytes)), 'SIGNATURE_INVALID')
})

// A public key is no MAC key, and a message cannot say which algorithm holds.
test('fault 19: a MAC made with the public key as its key is refused', () => {
  const confused: HmacKey = { ...mac, keyid: edward.keyid, secret: secretBytes(edward.publicKey) }
  const forged = sealEnvelope(MANIFEST_TYPE, body, [confused])
  assert.equal(codeOf(open(forged, { required: ['hmac'] })), 'SIGNATURE_ALG')
})

test('fault 32: a missing Ed25519 signature is refused where both are wanted', () => {
  assert.equal(codeOf(open(sealEnvelope(MANIFEST_TYPE, body, [mac]))), 'SIGNATURE_MISSING')
  assert.equal(codeOf(open(sealEnvelope(MANIFEST_TYPE, body, [edward]))), 'SIGNATURE_MISSING')
})

test('a policy that wants nothing accepts nothing', () => {
  assert.equal(codeOf(open(sealed, { required: [] })), 'SIGNATURE_MISSING')
})

test('signatures of other bots are passed over', () => {
  const others = [1, 2, 3].map(n => botKey(secretBytes(new Uint8Array(32).fill(n)), `other-${n}`, 1))
  assert.equal(codeOf(open(sealEnvelope(MANIFEST_TYPE, body, [...others, mac, edward]))), 'accepted')
})

const states: readonly (readonly [string, Partial<HmacKey>, string])[] = [
  ['revoked', { state: 'revoked' }, 'KEY_REVOKED'],
  ['retired', { state: 'retired' }, 'KEY_REVOKED'],
  ['not yet valid', { notBefore: 1 }, 'KEY_REVOKED'],
  ['no longer valid', { notAfter: 0 }, 'KEY_REVOKED'],
  ['next in rotation', { state: 'next' }, 'accepted'],
  ['made for pointers only', { use: 'pointer' }, 'SIGNATURE_MISSING'],
  ['unknown here', { keyid: 'hmac:other:1', secret: secretBytes(new Uint8Array(32)) }, 'SIGNATURE_MISSING'],
]
for (const [name, change, code] of states) {
  test(`fault 20: the signature of a key that is ${name}: ${code}`, () => {
    const keys = [{ ...mac, ...change } as TrustedKey]
    assert.equal(codeOf(open(sealEnvelope(MANIFEST_TYPE, body, [mac]), { keys, required: ['hmac'] })), code)
  })
}

const shapes: readonly (readonly [string, (envelope: Record<string, unknown>) => unknown, string])[] = [
  ['of another type', envelope => ({ ...envelope, payloadType: 'text/plain' }), 'ENVELOPE_TYPE'],
  ['with a member more', envelope => ({ ...envelope, extra: 1 }), 'ENVELOPE_SCHEMA'],
  ['without signatures', envelope => ({ ...envelope, signatures: [] }), 'ENVELOPE_SCHEMA'],
  [
    'with 65 signatures',
    envelope => ({
      ...envelope,
      signatures: Array.from({ length: 65 }, () => ({ alg: 'ed25519', keyid: 'x', sig: '' })),
    }),
    'ENVELOPE_SCHEMA',
  ],
  ['whose payload lacks its padding', envelope => ({ ...envelope, payload: 'QQ' }), 'ENVELOPE_SCHEMA'],
  ['that is an array', () => [], 'MANIFEST_SCHEMA'],
]
for (const [name, change, code] of shapes) {
  test(`an envelope ${name}: ${code}`, () => {
    const envelope = JSON.parse(new TextDecoder().decode(sealed)) as Record<string, unknown>
    assert.equal(codeOf(open(new TextEncoder().encode(JSON.stringify(change(envelope))))), code)
  })
}

test('an envelope above its cap is not parsed', () => {
  assert.equal(codeOf(open(new Uint8Array(128 * 1024 + 1))), 'ENVELOPE_TOO_LARGE')
})
