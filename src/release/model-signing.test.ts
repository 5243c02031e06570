import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { type Outcome, unwrap } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { secretText } from '../base/secret.ts'
import { preAuthEncoding } from './envelope.ts'
import { bundleKey, signBundle, verifyBundle } from './model-signing.ts'

type Fixture = {
  readonly files: Readonly<Record<string, string>>
  readonly statement: unknown
  readonly publicKeyPem: string
  readonly privateKeyPem: string
  readonly bundle: string
}
const fixture = JSON.parse(
  readFileSync(new URL('./fixtures/model-signing-bundle.json', import.meta.url), 'utf8'),
) as Fixture
const utf8 = new TextEncoder()
const files = new Map(Object.entries(fixture.files).map(([name, text]) => [name, utf8.encode(text)] as const))
const key = createPublicKey(fixture.publicKeyPem)
const privateKey = unwrap(bundleKey(secretText(fixture.privateKeyPem)))
const theirs = utf8.encode(fixture.bundle)
const ours = signBundle('candidate', files, privateKey)

type Bundle = {
  mediaType: string
  verificationMaterial: { publicKey: { hint: string }; tlogEntries: unknown[] }
  dsseEnvelope: { payload: string; payloadType: string; signatures: { sig: string; keyid: string }[] }
}
const parsed = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)) as Bundle
const resultOf = (outcome: Outcome<unknown>) =>
  outcome.ok ? 'accepted' : `${outcome.fault.code} ${outcome.fault.place}`

test('a bundle that Python made verifies, and ours says the same of the same files', () => {
  assert.deepEqual(unwrap(verifyBundle(theirs, files, key)), { name: 'candidate', files: 4 })
  assert.deepEqual(unwrap(verifyBundle(ours, files, key)), { name: 'candidate', files: 4 })
  const { payload, ...rest } = parsed(ours).dsseEnvelope
  assert.deepEqual(JSON.parse(Buffer.from(payload, 'base64').toString()), fixture.statement)
  assert.equal(rest.payloadType, parsed(theirs).dsseEnvelope.payloadType)
  assert.deepEqual(parsed(ours).verificationMaterial, parsed(theirs).verificationMaterial)
  assert.equal(parsed(ours).mediaType, parsed(theirs).mediaType)
})

test('fault 15: every flipped bit of a bundle is refused', () => {
  for (let bit = 0; bit < ours.length * 8; bit++) {
    const flipped = Uint8Array.from(ours)
    flipped[bit >> 3]! ^= 1 << (bit & 7)
    assert.ok(!verifyBundle(flipped, files, key).ok, `bit ${bit} went unnoticed`)
  }
})

test('a changed, missing or further file is refused by name', () => {
  const changed = new Map([...files, ['card.md', utf8.encode('# Model 2\n')]])
  assert.equal(resultOf(verifyBundle(ours, changed, key)), 'MEMBER_HASH card.md')
  const fewer = new Map([...files].filter(([name]) => name !== 'card.md'))
  assert.equal(resultOf(verifyBundle(ours, fewer, key)), 'RELEASE_MISSING_FILE card.md')
  const more = new Map([...files, ['extra.json', utf8.encode('{}')]])
  assert.equal(resultOf(verifyBundle(ours, more, key)), 'RELEASE_EXTRA_FILE extra.json')
})

test('another key is told by its name before any signature is checked', () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  assert.equal(resultOf(verifyBundle(ours, files, publicKey)), 'BUNDLE_KEY model.sig')
})

/** A rightly signed bundle around any statement. */
function around(statement: unknown, change: (bundle: Bundle) => void = () => undefined): Uint8Array {
  const payload = utf8.encode(JSON.stringify(statement))
  const bundle = parsed(ours)
  const sig = sign('sha256', preAuthEncoding(bundle.dsseEnvelope.payloadType, payload), privateKey).toString('base64')
  bundle.dsseEnvelope.payload = Buffer.from(payload).toString('base64')
  bundle.dsseEnvelope.signatures = [{ sig, keyid: '' }]
  change(bundle)
  return utf8.encode(JSON.stringify(bundle))
}
type Statement = {
  subject: { name: string; digest: { sha256: string } }[]
  predicateType: string
  predicate: { serialization: object; resources: { name: string; algorithm: string; digest: string }[] }
}
const statement = (change: (statement: Statement) => void) => {
  const copy = structuredClone(fixture.statement) as Statement
  change(copy)
  return copy
}

const rootOf = ({ predicate }: Statement): string =>
  sha256(Buffer.from(predicate.resources.map(({ digest }) => digest).join(''), 'hex'))

const wrong: readonly (readonly [string, Uint8Array, string])[] = [
  [
    'a digest over all files that is not theirs',
    around(statement(s => (s.subject[0]!.digest.sha256 = '0'.repeat(64)))),
    'BUNDLE_SCHEMA model.sig',
  ],
  ['a file twice', around(twice()), 'BUNDLE_SCHEMA model.sig'],
  [
    'another kind of statement',
    around(statement(s => (s.predicateType = 'https://slsa.dev/provenance/v1'))),
    'BUNDLE_SCHEMA model.sig',
  ],
  [
    'files in pieces',
    around(statement(s => (s.predicate.serialization = { method: 'shards', hash_type: 'sha256' }))),
    'BUNDLE_SCHEMA model.sig',
  ],
  ['no JSON inside', around(fixture.statement, brokenInside), 'MANIFEST_SYNTAX model.sig'],
  [
    'two signatures',
    around(fixture.statement, b => b.dsseEnvelope.signatures.push(b.dsseEnvelope.signatures[0]!)),
    'BUNDLE_SCHEMA model.sig',
  ],
  [
    'a log entry, which nobody here could check',
    around(fixture.statement, b => b.verificationMaterial.tlogEntries.push({})),
    'BUNDLE_SCHEMA model.sig',
  ],
  [
    'a payload that is no base64',
    around(fixture.statement, b => (b.dsseEnvelope.payload = 'QQ')),
    'BUNDLE_SCHEMA model.sig',
  ],
  ['more bytes than are read', new Uint8Array(1024 * 1024 + 1), 'BUNDLE_SCHEMA model.sig'],
]
/** Rightly signed bytes that are no JSON. */
function brokenInside(bundle: Bundle): void {
  const payload = utf8.encode('{')
  const { payloadType } = bundle.dsseEnvelope
  bundle.dsseEnvelope.payload = Buffer.from(payload).toString('base64')
  bundle.dsseEnvelope.signatures[0]!.sig = sign('sha256', preAuthEncoding(payloadType, payload), privateKey).toString(
    'base64',
  )
}
function twice(): Statement {
  const copy = structuredClone(fixture.statement) as Statement
  const [first] = copy.predicate.resources
  copy.predicate.resources = [first!, first!]
  copy.subject[0]!.digest.sha256 = rootOf(copy)
  return copy
}
for (const [name, bytes, expected] of wrong) {
  test(`a bundle with ${name}: ${expected}`, () => {
    assert.equal(resultOf(verifyBundle(bytes, files, key)), expected)
  })
}

test('the bundle key is a P-256 PEM; anything else is refused without being told', () => {
  const pem = (key: KeyObject) => key.export({ format: 'pem', type: 'pkcs8' })
  const edward = generateKeyPairSync('ed25519').privateKey
  const other = generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey
  for (const text of ['topsecret', pem(edward), pem(other)]) {
    const outcome = bundleKey(secretText(text))
    assert.ok(!outcome.ok && outcome.fault.code === 'KEY_FORMAT' && !/topsecret/.test(outcome.fault.message))
  }
  assert.equal(createPrivateKey(fixture.privateKeyPem).asymmetricKeyType, 'ec')
})
