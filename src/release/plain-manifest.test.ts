import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Outcome, unwrap } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { secretText } from '../base/secret.ts'
import { VECTORS } from './fixtures/vectors.ts'
import { hmacSha256 } from './mac.ts'
import { addSignature, plainCanonical, signPlain, verifyPlain } from './plain-manifest.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const codeOf = (outcome: Outcome<unknown>) => (outcome.ok ? 'accepted' : outcome.fault.code)

for (const [copy, vectors] of VECTORS) {
  for (const { name, text, key, canonical, canonicalSha256, hmac } of vectors.accept) {
    test(`${copy} vector ${name}: canonical form, digest and HMAC are Python's`, () => {
      assert.equal(unwrap(plainCanonical(bytes(text))), canonical)
      assert.equal(sha256(canonical), canonicalSha256)
      assert.equal(Buffer.from(hmacSha256(secretText(key), canonical)).toString('hex'), hmac)
      if (key.length >= 32) assert.equal(unwrap(signPlain(bytes(text), secretText(key))), hmac)
    })
  }
  for (const { name, text, code } of vectors.reject) {
    test(`${copy} vector ${name} is refused as ${code}`, () => {
      assert.equal(codeOf(plainCanonical(bytes(text))), code)
      assert.equal(codeOf(verifyPlain(bytes(text), secretText('k'.repeat(32)))), code)
    })
  }
  test(`fault 18: ${copy} vectors: every bad signature is refused`, () => {
    const manifest = vectors.accept.find(({ name }) => name === 'plain-manifest')!
    for (const { name, value } of vectors.badSignaturesForPlainManifest) {
      const outcome = verifyPlain(bytes(manifest.text), secretText(manifest.key), { signature: value })
      assert.equal(codeOf(outcome), 'SIGNATURE_INVALID', name)
    }
  })
}

const vectors = VECTORS.get('committed')!
const unsigned = vectors.accept.find(({ name }) => name === 'plain-manifest')!
const signed = vectors.accept.find(({ name }) => name === 'plain-manifest-signed')!
const key = secretText(signed.key)

test('the ordinary manifest is read with its models', () => {
  const manifest = unwrap(verifyPlain(bytes(signed.text), key))
  assert.equal(manifest.version, '20260115_143000_42')
  assert.equal(manifest.trainingSamples, 184213)
  assert.deepEqual(Object.keys(manifest.models).sort(), ['execution', 'meta', 'rl_sizer'])
  assert.equal(manifest.signedAt, '2026-01-15T14:30:05Z')
})

test('fault 17: a model called __proto__ is checked like any other and not passed over', () => {
  const text = unsigned.text.replace(/"models": *\{/, '"models": {"__proto__": {},')
  assert.notEqual(text, unsigned.text)
  const outcome = verifyPlain(unwrap(addSignature(bytes(text), key, '2026-01-15T14:30:05Z')), key)
  assert.equal(codeOf(outcome), 'MANIFEST_SCHEMA')
})

test('signing writes the bytes that Python writes', () => {
  const text = new TextDecoder().decode(unwrap(addSignature(bytes(unsigned.text), key, '2026-01-15T14:30:05Z')))
  assert.equal(text, signed.text)
})

test('signing again replaces the old signature', () => {
  const again = unwrap(addSignature(bytes(signed.text), key, '2026-01-15T14:30:05Z'))
  assert.equal(new TextDecoder().decode(again), signed.text)
})

// Case 15. The time in the signature is outside the MAC by REL-10: such a flip may only change what is shown to people.
test('fault 15: every flipped bit of a signed manifest is refused, or changes nothing but the time shown', () => {
  const original = bytes(signed.text)
  const expected = unwrap(verifyPlain(original, key))
  const from = signed.text.indexOf('2026-01-15T14:30:05Z')
  let refusals = 0
  for (let bit = 0; bit < original.length * 8; bit++) {
    const flipped = Uint8Array.from(original)
    flipped[bit >> 3]! ^= 1 << (bit & 7)
    const outcome = verifyPlain(flipped, key)
    if (!outcome.ok) {
      refusals += 1
      continue
    }
    assert.ok(bit >> 3 >= from && bit >> 3 < from + 20, `bit ${bit} went unnoticed`)
    assert.deepEqual({ ...outcome.value, signedAt: expected.signedAt }, expected)
  }
  assert.ok(refusals > original.length * 8 - 20 * 8)
})

const withSignature = (signature: unknown) => {
  const manifest = JSON.parse(unsigned.text) as Record<string, unknown>
  return bytes(JSON.stringify({ ...manifest, signature }))
}
const good = { algorithm: 'HMAC-SHA256', value: unsigned.hmac, signed_at: '2026-01-15T14:30:05Z' }

// Case 16: the plain manifest is signed by its meaning, so only its canonical form counts.
test('fault 16: another order, other spaces and escapes of the same manifest are accepted', () => {
  const reversed = Object.fromEntries(Object.entries(JSON.parse(unsigned.text) as object).reverse())
  const text = JSON.stringify({ signature: good, ...reversed }, undefined, 3).replace('"meta"', String.raw`"\u006deta"`)
  assert.equal(codeOf(verifyPlain(withSignature(good), key)), 'accepted')
  assert.equal(codeOf(verifyPlain(bytes(text), key)), 'accepted')
})

test('a manifest without a signature is SIGNATURE_MISSING', () => {
  assert.equal(codeOf(verifyPlain(bytes(unsigned.text), key)), 'SIGNATURE_MISSING')
})

for (const algorithm of ['none', 'HMAC-SHA1', 'hmac-sha256', '', null]) {
  test(`fault 19: algorithm ${algorithm} is SIGNATURE_ALG`, () => {
    assert.equal(codeOf(verifyPlain(withSignature({ ...good, algorithm }), key)), 'SIGNATURE_ALG')
  })
}

const badShapes: readonly (readonly [string, unknown])[] = [
  ['a text', unsigned.hmac],
  ['a value that is no text', { ...good, value: 7 }],
  ['a member more', { ...good, extra: 1 }],
  ['a time that is none', { ...good, signed_at: '2026-02-31T00:00:00Z' }],
]
for (const [name, signature] of badShapes) {
  test(`fault 18: a signature that is ${name} is SIGNATURE_INVALID`, () => {
    assert.equal(codeOf(verifyPlain(withSignature(signature), key)), 'SIGNATURE_INVALID')
  })
}

test('another key is SIGNATURE_INVALID', () => {
  assert.equal(codeOf(verifyPlain(bytes(signed.text), secretText('x'.repeat(64)))), 'SIGNATURE_INVALID')
})

test('a key of 31 characters is KEY_TOO_SHORT, however many bytes it has', () => {
  assert.equal(codeOf(signPlain(bytes(unsigned.text), secretText('é'.repeat(31)))), 'KEY_TOO_SHORT')
  assert.equal(codeOf(verifyPlain(bytes(signed.text), secretText('é'.repeat(31)))), 'KEY_TOO_SHORT')
  assert.equal(codeOf(signPlain(bytes(unsigned.text), secretText('é'.repeat(32)))), 'accepted')
})

test('more than 64 KiB is not even parsed', () => {
  assert.equal(codeOf(verifyPlain(new Uint8Array(64 * 1024 + 1), key)), 'MANIFEST_TOO_LARGE')
})

const resigned = (change: (manifest: Record<string, unknown>) => void): Outcome<unknown> => {
  const manifest = JSON.parse(unsigned.text) as Record<string, unknown>
  change(manifest)
  const text = bytes(JSON.stringify(manifest))
  return verifyPlain(unwrap(addSignature(text, key, '2026-01-15T14:30:05Z')), key)
}

const badMeanings: readonly (readonly [string, (manifest: Record<string, unknown>) => void])[] = [
  ['a version of neither scheme', manifest => (manifest['version'] = '7')],
  ['a run number with a leading zero', manifest => (manifest['version'] = '20260115_143000_042')],
  ['a day that is none', manifest => (manifest['version'] = '20260231_143000_42')],
  ['a local time', manifest => (manifest['timestamp'] = '2026-01-15T14:30:00+02:00')],
  ['no samples', manifest => (manifest['training_samples'] = 0)],
  ['half a sample', manifest => (manifest['training_samples'] = 1.5)],
  ['no models', manifest => (manifest['models'] = {})],
  ['an http URL', manifest => (manifest['models'] = { meta: { url: 'http://x/a', checksum: 'a'.repeat(64) } })],
  ['a relative URL', manifest => (manifest['models'] = { meta: { url: 'a.onnx', checksum: 'a'.repeat(64) } })],
  ['the checksum none', manifest => (manifest['models'] = { meta: { url: 'https://x/a', checksum: 'none' } })],
  ['an empty checksum', manifest => (manifest['models'] = { meta: { url: 'https://x/a', checksum: '' } })],
  ['two spellings of one name', manifest => (manifest['Version'] = 'v1.0.0')],
]
for (const [name, change] of badMeanings) {
  test(`a rightly signed manifest with ${name} is MANIFEST_SCHEMA`, () => {
    assert.equal(codeOf(resigned(change)), 'MANIFEST_SCHEMA')
  })
}

test('other members are signed, kept and ignored', () => {
  assert.equal(codeOf(resigned(manifest => (manifest['drift_score'] = 0.1))), 'accepted')
})

test('PascalCase is read, in the manifest and in the signature, but only as a whole', () => {
  const model = { Url: 'https://x/a.onnx', Checksum: 'a'.repeat(64), Size: 5 }
  const body = { Version: 'v1.2.3', Timestamp: '2026-01-15T14:30:00Z', TrainingSamples: 9, Models: { meta: model } }
  const value = unwrap(signPlain(bytes(JSON.stringify(body)), key))
  const document = (signature: unknown) => bytes(JSON.stringify({ ...body, Signature: signature }))
  const pascal = { Algorithm: 'HMAC-SHA256', Value: value, SignedAt: '2026-01-15T14:30:05Z' }
  assert.equal(unwrap(verifyPlain(document(pascal), key)).models['meta']?.size, 5)
  assert.equal(codeOf(verifyPlain(document({ ...good, value }), key)), 'SIGNATURE_ALG')
})
