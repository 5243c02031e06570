// The refusals of the verifier and its checks that no attack of the other tests happens to reach: each branch once.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryDisk } from '../../test/memory-disk.ts'
import { canonicalJson } from '../base/canonical-json.ts'
import { replayClock } from '../base/clock.ts'
import { Fault, type Outcome, unwrap } from '../base/fault.ts'
import { secretBytes, secretText } from '../base/secret.ts'
import { indentedText } from './canonical.ts'
import { ed25519KeyFits, ed25519Seed, ed25519SigningKey } from './ed25519.ts'
import { MANIFEST_TYPE, POINTER_TYPE, sealEnvelope } from './envelope.ts'
import { built, ED_KEY, MAC_KEY, mapReader, NOW, testPolicy } from './fixtures/built.ts'
import { highWaterAfter, highWaterFile } from './high-water.ts'
import { botKey } from './keys.ts'
import { CURRENT_PATH } from './layout.ts'
import { manifestBytesOf, releaseIdOf } from './manifest.ts'
import { checkMetadata } from './metadata.ts'
import { addSignature, signPlain } from './plain-manifest.ts'
import { openPointer, openPointerFor, pointerFreshness, sealPointer } from './pointer.ts'
import type { VerifyPolicyOptions } from './policy.ts'
import type { ReleaseReader } from './reader.ts'
import type { ReleaseManifest } from './release.ts'
import { openSigned } from './side-macs.ts'
import { parseStrictJson } from './strict-json.ts'
import { verifyRelease } from './verify.ts'

const release = built()
const utf8 = new TextEncoder()
const policy = testPolicy()
const reader = mapReader(release.files)
const codeOf = (outcome: Outcome<unknown>) => (outcome.ok ? 'accepted' : outcome.fault.code)
const resultOf = async (read: ReleaseReader, over: Partial<VerifyPolicyOptions> = {}) => {
  const found = await verifyRelease(read, testPolicy(over), undefined, replayClock(NOW))
  return found.ok ? 'accepted' : `${found.fault.code} ${found.fault.place}`
}
/** The release with some files exchanged. */
const having = (files: readonly (readonly [string, Uint8Array])[]) => mapReader(new Map([...release.files, ...files]))

test('a place that breaks while a file is read is told with the file; what is no fault is a bug and thrown', async () => {
  const breaking = (name: string, cause: Error): ReleaseReader => ({
    ...reader,
    read: (asked, limit) => (asked === name ? Promise.reject(cause) : reader.read(asked, limit)),
  })
  const io = new Fault('DISK_IO', 'broken')
  assert.equal(await resultOf(breaking('envelope.json', io)), 'DISK_IO envelope.json')
  assert.equal(await resultOf(breaking('pointer.json', io)), 'DISK_IO pointer.json')
  await assert.rejects(resultOf(breaking('card.md', new TypeError('a bug'))), TypeError)
  const unlisted = { ...reader, list: () => Promise.reject(io) }
  assert.equal(await resultOf(unlisted), 'DISK_IO undefined')
})

test('a place that cannot be listed is believed by its manifest', async () => {
  assert.equal(await resultOf({ ...reader, list: () => Promise.resolve(undefined) }), 'accepted')
})

test('a pointer of another channel is AUDIENCE, and one from the future MANIFEST_FUTURE', async () => {
  const beta = built({ channel: 'beta' }).pointerBytes
  assert.equal(await resultOf(having([['pointer.json', beta]])), 'AUDIENCE pointer.json')
  const pointer = unwrap(openPointer(release.pointerBytes, policy, NOW))
  const times = { nowMs: NOW - 300_001, maxSignedTimeMs: 0, clockSkewMs: 300_000 }
  assert.equal(codeOf(pointerFreshness(pointer, times)), 'MANIFEST_FUTURE')
  assert.equal(codeOf(pointerFreshness(pointer, { ...times, nowMs: NOW - 300_000 })), 'accepted')
})

/** A manifest that our builder would not make, rightly signed. */
const signedFiles = (manifest: ReleaseManifest) => {
  const bytes = manifestBytesOf(manifest)
  return [
    ['manifest.json', bytes],
    ['envelope.json', sealEnvelope(MANIFEST_TYPE, bytes, [MAC_KEY, ED_KEY])],
  ] as const
}

test('a signed manifest that lists no card is RELEASE_MISSING_FILE', async () => {
  const members = release.manifest.members.filter(({ name }) => name !== 'card.md')
  const files = signedFiles({ ...release.manifest, members, releaseId: releaseIdOf(members) })
  assert.equal(await resultOf(having(files)), 'RELEASE_MISSING_FILE card.md')
})

test('a release of more than two GiB is refused before a member is read', async () => {
  const roles = Array.from({ length: 65 }, (_, at) => `m${at}`)
  const member = (name: string, size: number) => ({ name, mediaType: 'x', size, sha256: '0'.repeat(64) })
  const members = [
    ...release.manifest.members,
    ...roles.map(role => ({ ...member(`models/${role}.onnx`, 32 * 2 ** 20), role })),
    ...roles.map(role => member(`golden/${role}.json`, 2)),
  ]
  const graph = Object.values(release.manifest.graphSignatures)[0]!
  const graphSignatures = {
    ...release.manifest.graphSignatures,
    ...Object.fromEntries(roles.map(role => [role, graph])),
  }
  const files = signedFiles({ ...release.manifest, members, graphSignatures, releaseId: releaseIdOf(members) })
  const unlisted = { ...having(files), list: () => Promise.resolve(undefined) }
  // Without a MAC key current.json, which tells of other models, is not looked at.
  const asked = { keys: [ED_KEY], required: ['ed25519'] } as const
  assert.equal(await resultOf(unlisted, asked), 'MEMBER_SIZE manifest.json')
})

test('a rightly signed body that is no manifest is refused by what is wrong with it', async () => {
  const sealed = (body: Uint8Array) =>
    [
      ['manifest.json', body],
      ['envelope.json', sealEnvelope(MANIFEST_TYPE, body, [MAC_KEY])],
    ] as const
  assert.equal(await resultOf(having(sealed(utf8.encode('{')))), 'MANIFEST_SYNTAX manifest.json')
  const large = new Uint8Array(64 * 1024 + 1)
  const loose = { ...having(sealed(large)), read: async (name: string) => having(sealed(large)).read(name, 1e9) }
  assert.equal(await resultOf(loose), 'MANIFEST_TOO_LARGE manifest.json')
})

test('a rightly signed body that is no pointer is refused by what is wrong with it', async () => {
  const sealed = (text: string) => sealEnvelope(POINTER_TYPE, utf8.encode(text), [MAC_KEY])
  const none = () => Promise.reject(new Fault('FILE_MISSING', 'is not there'))
  for (const [text, code] of [
    ['{', 'MANIFEST_SYNTAX'],
    ['{}', 'MANIFEST_SCHEMA'],
    [`{"a":"${'x'.repeat(4096)}"}`, 'MANIFEST_TOO_LARGE'],
  ] as const) {
    assert.equal(codeOf(openPointer(sealed(text), policy, NOW)), code)
    assert.equal(codeOf(await openPointerFor(sealed(text), policy, NOW, none)), code)
  }
  const options = { keys: [MAC_KEY], nowMs: NOW, publishIntervalMs: 0 }
  assert.equal(codeOf(sealPointer(utf8.encode('{}'), options)), 'MANIFEST_SCHEMA')
})

const plainOf = (models: Record<string, unknown>, version = release.manifest.label) =>
  unwrap(
    addSignature(
      utf8.encode(canonicalJson({ version, timestamp: release.manifest.issuedAt, training_samples: 400, models })),
      MAC_KEY.secret,
      release.manifest.issuedAt,
    ),
  )
const model = { url: 'https://cdn.example.com/x.onnx', checksum: '0'.repeat(64), size: 1 }

test('current.json of as many other models is CURRENT_MISMATCH', async () => {
  const rightly = (role: string) => {
    const { sha256: checksum, size } = release.manifest.members.find(member => member.role === role)!
    return { ...model, checksum, size }
  }
  const two = { meta: rightly('meta'), execution: rightly('execution') }
  for (const models of [{ ...two, another: model }, { ...two, rl_sizer: model }, two]) {
    const files = having([['current.json', plainOf(models)]])
    assert.equal(await resultOf(files), 'CURRENT_MISMATCH current.json')
  }
})

test('the channel’s current.json is this one or a newer one, and checked where there is a key for it', async () => {
  const channel = (bytes: Uint8Array | undefined) => ({ ...reader, channelCurrent: () => Promise.resolve(bytes) })
  const newer = plainOf({ meta: model }, '20270115_143000_6')
  const older = plainOf({ meta: model }, '20250115_143000_1')
  const otherScheme = plainOf({ meta: model }, 'v1.2.3')
  assert.equal(await resultOf(channel(undefined)), 'accepted')
  assert.equal(await resultOf(channel(release.currentBytes)), 'accepted')
  assert.equal(await resultOf(channel(newer)), 'accepted')
  assert.equal(await resultOf(channel(older)), `CURRENT_MISMATCH ${CURRENT_PATH}`)
  assert.equal(await resultOf(channel(otherScheme)), `CURRENT_MISMATCH ${CURRENT_PATH}`)
  assert.equal(await resultOf(channel(utf8.encode('{}'))), `SIGNATURE_MISSING ${CURRENT_PATH}`)
  const withoutMac = { keys: [ED_KEY], required: ['ed25519'] } as const
  assert.equal(await resultOf(channel(older), withoutMac), 'accepted')
})

test('a plain manifest with two signatures, no JSON or a weak key is neither signed nor read', () => {
  const twice = utf8.encode('{"signature":{},"Signature":{}}')
  const weak = secretText('short')
  for (const [bytes, key, code] of [
    [twice, MAC_KEY.secret, 'MANIFEST_SCHEMA'],
    [utf8.encode('{'), MAC_KEY.secret, 'MANIFEST_SYNTAX'],
    [utf8.encode('{}'), weak, 'KEY_TOO_SHORT'],
  ] as const) {
    assert.equal(codeOf(signPlain(bytes, key)), code)
    assert.equal(codeOf(addSignature(bytes, key, '')), code)
  }
  // What is signed and indented is still the same document.
  const text = new TextDecoder().decode(release.currentBytes)
  assert.equal(indentedText(unwrap(parseStrictJson(release.currentBytes))), text)
})

test('an envelope without keys, or with more shared ones than it holds, is a bug of the caller', () => {
  const many = Array.from({ length: 65 }, (_, at) => ({ ...MAC_KEY, keyid: `hmac:k:${at + 1}` }))
  for (const keys of [[], many]) assert.throws(() => sealEnvelope(MANIFEST_TYPE, new Uint8Array(), keys), RangeError)
})

test('a side file beyond its cap is refused though its place handed it out', async () => {
  const own = botKey(secretBytes(new Uint8Array(32).fill(5)), 'bot-1', 1)
  const options = { payloadType: MANIFEST_TYPE, keys: [own], required: ['hmac'] as const, uses: ['release'] as const }
  const large = () => Promise.resolve(new Uint8Array(4097))
  const outcome = await openSigned(release.envelopeBytes, { ...options, nowMs: NOW, place: 'envelope.json' }, large)
  assert.equal(codeOf(outcome), 'ENVELOPE_TOO_LARGE')
  const bug = () => Promise.reject(new TypeError('a bug'))
  await assert.rejects(
    openSigned(release.envelopeBytes, { ...options, nowMs: NOW, place: 'envelope.json' }, bug),
    TypeError,
  )
})

test('a mark on a disk that breaks is no lost mark, and the pointer’s time counts for it', async () => {
  const disk = memoryDisk()
  const broken = { ...disk, read: () => Promise.reject(new Fault('DISK_IO', 'broken')) }
  await assert.rejects(highWaterFile(broken, 'hwm.json').read(), { code: 'DISK_IO' })
  const pointer = unwrap(openPointer(built({ nowMs: NOW + 5 }).pointerBytes, policy, NOW))
  assert.equal(highWaterAfter(undefined, release, pointer).maxSignedTime, NOW + 5)
})

test('a pointer is measured by the latest signed time that was seen', async () => {
  const reading = having([['pointer.json', release.pointerBytes]])
  const memory = { ...highWaterAfter(undefined, release), maxSignedTime: NOW + 90 * 60_000 }
  const found = await verifyRelease(reading, policy, memory, replayClock(NOW))
  assert.equal(codeOf(found), 'FREEZE')
})

test('metadata that is no JSON, or tells of a model that is not there, is refused', () => {
  const told = (text: string) => checkMetadata(new Map([...release.files, ['metadata.json', utf8.encode(text)]]))
  assert.equal(codeOf(told('{')), 'MANIFEST_SYNTAX')
  const files = { 'models/none.onnx': { sha256: '0'.repeat(64), size: 1 } }
  assert.equal(codeOf(told(JSON.stringify({ schema: 'ratchet.metadata/1', files }))), 'METADATA_HASH')
})

test('a secret that is none, or that of another key, makes no signing key', () => {
  const { secret: _, ...publicOnly } = ED_KEY
  const other = Buffer.from(new Uint8Array(32).fill(8)).toString('hex')
  assert.equal(codeOf(ed25519KeyFits(publicOnly, secretText('none'), 'keys.json')), 'KEY_FORMAT')
  assert.equal(codeOf(ed25519KeyFits(publicOnly, secretText(other), 'keys.json')), 'KEY_ID')
  const rsa = '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n'
  assert.equal(codeOf(ed25519Seed(secretText(rsa))), 'KEY_FORMAT')
  assert.equal(ed25519SigningKey(ED_KEY.secret).keyid, ED_KEY.keyid)
})
