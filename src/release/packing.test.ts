import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { memoryDisk } from '../../test/memory-disk.ts'
import { filesPublisher } from '../adapters/files/publisher.ts'
import { replayClock } from '../base/clock.ts'
import { replaceFile } from '../base/disk.ts'
import { type Outcome, unwrap } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { seededRng } from '../base/rng.ts'
import { candidateReader } from './fetch.ts'
import { built, NOW, testMembers, testPolicy } from './fixtures/built.ts'
import { POINTER_PATH, packedPath, publishedPath } from './layout.ts'
import { manifestBytesOf, readManifest } from './manifest.ts'
import { packed, packingOf, unpacked } from './packing.ts'
import { publishedObjects, publishRelease } from './publish.ts'
import type { Packing, ReleaseMember } from './release.ts'
import type { ReleaseSource } from './source.ts'
import { verifyRelease } from './verify.ts'

const signal = new AbortController().signal
const rng = seededRng('packing')
const noise = (length: number) => Uint8Array.from({ length }, () => rng.int(256))
/** Half of it can be said shorter. */
const wordy = (length: number) => Uint8Array.from({ length }, () => 97 + rng.int(4))
const digested = (stored: Uint8Array, encoding: Packing['encoding']): Packing => ({
  encoding,
  storedSize: stored.length,
  storedSha256: sha256(stored),
})
const memberOf = (bytes: Uint8Array): ReleaseMember => ({
  name: 'card.md',
  mediaType: 'text/markdown',
  size: bytes.length,
  sha256: sha256(bytes),
})
const codeOf = (outcome: Outcome<unknown>): string => (outcome.ok ? 'ok' : outcome.fault.code)

test('what packing makes a tenth smaller is packed, the same way each time; the rest is not', () => {
  for (const size of [1000, 40_000]) {
    const bytes = wordy(size)
    const small = packed(bytes)!
    assert.ok(small.bytes.length <= size * 0.9)
    assert.deepEqual(packed(bytes), small)
    assert.deepEqual(small.packing, digested(small.bytes, 'zstd'))
    assert.deepEqual(unwrap(unpacked(small.bytes, memberOf(bytes), small.packing)), bytes)
  }
  assert.equal(packed(noise(40_000)), undefined)
  assert.equal(packed(new Uint8Array(0)), undefined)
})

test('members that others packed as gzip are unpacked too', () => {
  const bytes = wordy(5000)
  const stored = gzipSync(bytes)
  assert.deepEqual(unwrap(unpacked(stored, memberOf(bytes), digested(stored, 'gzip'))), bytes)
})

test('packed bytes that are not those that were signed are refused before they are unpacked', () => {
  const bytes = wordy(5000)
  const { bytes: stored, packing } = packed(bytes)!
  const flipped = Uint8Array.from(stored)
  flipped[100]! ^= 1
  assert.equal(codeOf(unpacked(flipped, memberOf(bytes), packing)), 'MEMBER_HASH')
  assert.equal(codeOf(unpacked(stored.subarray(1), memberOf(bytes), packing)), 'MEMBER_SIZE')
  for (const encoding of ['gzip', 'zstd'] as const) {
    const odd = noise(300)
    assert.equal(codeOf(unpacked(odd, memberOf(bytes), digested(odd, encoding))), 'MEMBER_PACKING')
  }
})

test('what unpacks to more than was signed stops there, however much it would be', () => {
  const member = memberOf(wordy(1000))
  for (const [encoding, pack] of [['gzip', gzipSync] as const, ['zstd', zstdCompressSync] as const]) {
    const bomb = pack(new Uint8Array(64 * 1024 * 1024))
    assert.equal(codeOf(unpacked(bomb, member, digested(bomb, encoding))), 'MEMBER_SIZE')
  }
})

const members = new Map([...testMembers(1), ['card.md', wordy(20_000)]])
const release = built({ pack: true, members })
const { files, manifest, pointerBytes } = release
const card = manifest.members.find(({ name }) => name === 'card.md')!
const path = publishedPath('card.md', manifest.label)

test('the manifest signs both sizes and both digests, and its reader wants all of them or none', () => {
  const packing = packingOf(card)!
  assert.equal(packing.encoding, 'zstd')
  assert.ok(packing.storedSize < card.size)
  assert.deepEqual(unwrap(readManifest(manifestBytesOf(manifest))), manifest)
  for (const broken of [
    { ...card, storedSize: undefined },
    { ...card, storedSha256: undefined },
    { ...card, encoding: undefined },
    { ...card, storedSize: card.size },
    { ...card, encoding: 'br' as 'gzip' },
  ]) {
    const others = manifest.members.filter(member => member !== card)
    const bytes = manifestBytesOf({ ...manifest, members: [...others, JSON.parse(JSON.stringify(broken))] })
    assert.equal(codeOf(readManifest(bytes)), 'MANIFEST_SCHEMA')
  }
  assert.ok(built({ members }).manifest.members.every(({ encoding }) => encoding === undefined))
})

/** A tree in memory that tells what was read from it. */
async function tree() {
  const disk = memoryDisk()
  const publisher = filesPublisher({ disk, root: '/tree', lock: (_, work) => work() })
  const put = () => publishRelease({ publisher, files, label: manifest.label, pointerBytes, signal })
  const read: string[] = []
  const source: ReleaseSource = {
    describe: () => ({ kind: 'memory', place: 'test' }),
    discover: () => Promise.reject(new Error('not asked for here')),
    async *open({ path: asked }, { limit }) {
      read.push(asked)
      yield await disk.read(`/tree/${asked}`, limit)
    },
  }
  const verify = async (): Promise<string> => {
    const clock = replayClock(NOW)
    const policy = testPolicy({ requirePointer: true })
    const candidate = { layout: 'tree', root: '', pointer: { path: POINTER_PATH } } as const
    const reader = unwrap(await candidateReader(source, candidate, policy, clock, signal))
    const verification = await verifyRelease(reader, policy, undefined, clock)
    if (!verification.ok) return `${verification.fault.code} ${verification.fault.place}`
    assert.deepEqual(verification.value.members.get('card.md'), members.get('card.md'))
    return 'verified'
  }
  return { disk, put, read, verify }
}

test('a release that is published packed is fetched packed, and lies there plain for everyone else', async () => {
  const { disk, put, read, verify } = await tree()
  const steps = unwrap(await put())
  const small = packedPath(path, 'zstd')
  assert.ok(steps.some(step => step.path === small && step.result === 'written'))
  assert.equal(await verify(), 'verified')
  assert.ok(read.includes(small) && !read.includes(path))
  assert.deepEqual(await disk.read(`/tree/${path}`, 1e6), members.get('card.md'))
  assert.ok(unwrap(await put()).every(({ result }) => result === 'present'))
})

test('a packed object that was changed, cut or taken away is refused, and named by its member', async () => {
  const { disk, put, verify } = await tree()
  unwrap(await put())
  const stored = `/tree/${packedPath(path, 'zstd')}`
  const whole = await disk.read(stored, 1e6)
  for (const [bytes, code] of [
    [whole.map((byte, at) => (at === 50 ? byte ^ 1 : byte)), 'MEMBER_HASH'],
    [whole.subarray(0, -1), 'MEMBER_SIZE'],
    [Buffer.concat([whole, whole]), 'MEMBER_SIZE'],
  ] as const) {
    await replaceFile(disk, stored, bytes)
    assert.equal(await verify(), `${code} card.md`)
  }
  await disk.remove(stored)
  assert.equal(await verify(), 'RELEASE_MISSING_FILE card.md')
})

test('a publisher that packs otherwise than was signed refuses instead of publishing what nobody can verify', () => {
  const others = manifest.members.filter(member => member !== card)
  const changed = { ...manifest, members: [...others, { ...card, storedSha256: 'f'.repeat(64) }] }
  const outcome = publishedObjects(new Map([...files, ['manifest.json', manifestBytesOf(changed)]]), manifest.label)
  assert.equal(codeOf(outcome), 'PUBLISH_PACKING')
})
