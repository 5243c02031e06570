import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type MemoryDisk, memoryDisk } from '../../test/memory-disk.ts'
import { filesPublisher } from '../adapters/files/publisher.ts'
import { replayClock } from '../base/clock.ts'
import { Fault, unwrap } from '../base/fault.ts'
import { secretBytes } from '../base/secret.ts'
import { directoryReader, writeReleaseDirectory } from './directory.ts'
import { claimedSigners } from './envelope.ts'
import { candidateReader } from './fetch.ts'
import { built, ED_KEY, MAC_KEY, mapReader, NOW, testPolicy } from './fixtures/built.ts'
import { botKey, type SigningKey, type TrustedKey } from './keys.ts'
import { POINTER_PATH, pointerMacPath } from './layout.ts'
import { sealPointer } from './pointer.ts'
import { publishPointer, publishRelease } from './publish.ts'
import type { ReleaseMembers } from './release.ts'
import { isMacName, macName } from './side-macs.ts'
import type { ReleaseSource } from './source.ts'
import { verifyRelease } from './verify.ts'

const signal = new AbortController().signal
const clock = replayClock(NOW)
const master = secretBytes(new Uint8Array(32).fill(5))
const bots = Array.from({ length: 70 }, (_, at) => botKey(master, `bot-${at}`, 1))
const KEYS: readonly SigningKey[] = [MAC_KEY, ED_KEY, ...bots]
const release = built({ keys: KEYS })
const own = bots[66]!
const policyOf = (keys: readonly TrustedKey[]) => testPolicy({ keys, required: ['hmac'] })
const resultOf = async (files: ReleaseMembers, keys: readonly TrustedKey[] = [own]) => {
  const found = await verifyRelease(mapReader(files), policyOf(keys), undefined, clock)
  return found.ok ? 'accepted' : `${found.fault.code} ${found.fault.place}`
}
const withFile = (name: string, bytes: Uint8Array) => new Map([...release.files, [name, bytes]])

test('few bots sign inside the envelope, and no side file is written', () => {
  const few = built({ keys: [MAC_KEY, ...bots.slice(0, 63)] })
  assert.equal(claimedSigners(few.envelopeBytes).length, 64)
  assert.deepEqual([...few.files.keys()].filter(isMacName), [])
})

test('more than 64 signatures go into one side file for each bot', () => {
  assert.deepEqual(claimedSigners(release.envelopeBytes), [MAC_KEY.keyid, ED_KEY.keyid])
  assert.deepEqual(
    [...release.files.keys()].filter(isMacName),
    bots.map(({ keyid }) => macName(keyid)),
  )
})

test('each bot accepts by its own key alone, keeps the envelope with its signature inside, and takes no other', async () => {
  const found = await verifyRelease(mapReader(release.files), policyOf([own]), undefined, clock)
  assert.ok(found.ok)
  assert.ok(claimedSigners(found.value.envelopeBytes).includes(own.keyid))
  // What is kept opens by itself later, without the side file.
  assert.equal(await resultOf(withFile('envelope.json', found.value.envelopeBytes)), 'accepted')
  assert.equal(await resultOf(release.files, [MAC_KEY]), 'accepted')
  assert.equal(await resultOf(release.files, [botKey(master, 'bot-66', 2)]), 'SIGNATURE_MISSING envelope.json')
  assert.equal(await resultOf(release.files, [{ ...own, state: 'revoked' }]), 'SIGNATURE_MISSING envelope.json')
})

test('fault 15: every flipped bit of a side file is refused', async () => {
  const name = macName(own.keyid)
  const original = release.files.get(name)!
  for (let bit = 0; bit < original.length * 8; bit++) {
    const flipped = Uint8Array.from(original)
    flipped[bit >> 3]! ^= 1 << (bit & 7)
    const result = await resultOf(withFile(name, flipped))
    assert.match(result, /^(MANIFEST|ENVELOPE|SIGNATURE)_[A-Z]+ macs\//, `bit ${bit}`)
  }
})

test('a side file of another bot, of another release, missing or too large is refused', async () => {
  const name = macName(own.keyid)
  const other = built({ keys: KEYS, seed: 2 })
  assert.equal(await resultOf(withFile(name, release.files.get(macName('hmac:bot-1:1'))!)), `ENVELOPE_SCHEMA ${name}`)
  assert.equal(await resultOf(withFile(name, other.files.get(name)!)), `SIGNATURE_MISSING ${name}`)
  assert.equal(await resultOf(withFile(name, new Uint8Array(5000))), `MANIFEST_TOO_LARGE ${name}`)
  const without = new Map(release.files)
  without.delete(name)
  assert.equal(await resultOf(without), 'SIGNATURE_MISSING envelope.json')
})

test('a place that fails while a side file is read refuses with its own words', async () => {
  const reader = mapReader(release.files)
  const failing = {
    ...reader,
    read: (name: string, limit: number) =>
      isMacName(name) ? Promise.reject(new Fault('DISK_IO', 'broken')) : reader.read(name, limit),
  }
  const found = await verifyRelease(failing, policyOf([own]), undefined, clock)
  assert.equal(found.ok ? '' : found.fault.code, 'DISK_IO')
})

test('names of side files are those of keys and nothing else', () => {
  for (const name of ['macs/hmac+bot-1+1.json', 'macs/hmac+a.b_c+12.json']) assert.ok(isMacName(name), name)
  for (const name of [
    'macs/../x.json',
    'macs/hmac:a/b:1.json',
    'macs/hmac:..:1.json',
    'macs/x.json',
    'hmac:a:1.json',
  ]) {
    assert.ok(!isMacName(name), name)
  }
})

test('a release directory holds the side files, and they are no extra files', async () => {
  const disk = memoryDisk()
  await writeReleaseDirectory(disk, '/out', release.files)
  const found = await verifyRelease(directoryReader(disk, '/out'), policyOf([own]), undefined, clock)
  assert.ok(found.ok, found.ok ? '' : found.fault.message)
})

const publisherOf = (disk: MemoryDisk) => filesPublisher({ disk, root: '/tree', lock: (_, work) => work() })
const publish = (disk: MemoryDisk, { files, manifest, pointerBytes }: typeof release) =>
  publishRelease({
    publisher: publisherOf(disk),
    files,
    label: manifest.label,
    pointerBytes,
    botKeys: KEYS,
    signal,
  })
const sourceOf = (disk: MemoryDisk): ReleaseSource => ({
  describe: () => ({ kind: 'memory', place: 'test' }),
  discover: () => Promise.reject(new Error('not asked for here')),
  async *open({ path }, { limit }) {
    yield await disk.read(`/tree/${path}`, limit)
  },
})

/** What a bot gets out of the tree as it is. */
async function fetched(disk: MemoryDisk, key: TrustedKey = own): Promise<string> {
  const policy = { ...policyOf([key]), requirePointer: true }
  const candidate = { layout: 'tree', root: '', pointer: { path: POINTER_PATH } } as const
  const reader = await candidateReader(sourceOf(disk), candidate, policy, clock, signal)
  if (!reader.ok) return reader.fault.code
  const found = await verifyRelease(reader.value, policy, undefined, clock)
  return found.ok ? found.value.manifest.label : `${found.fault.code} ${found.fault.place}`
}

test('a bot follows a published tree by its own signatures, over a new release and a renewed pointer', async () => {
  const disk = memoryDisk()
  unwrap(await publish(disk, release))
  assert.equal(await fetched(disk), release.manifest.label)
  assert.equal(await fetched(disk, botKey(master, 'bot-66', 2)), 'SIGNATURE_MISSING')
  const newer = built({ keys: KEYS, version: 6, seed: 6 })
  const before = await disk.read(`/tree/${POINTER_PATH}`, 1e6)
  unwrap(await publish(disk, newer))
  assert.equal(await fetched(disk), newer.manifest.label)
  const after = await disk.read(`/tree/${POINTER_PATH}`, 1e6)
  // The side files are written before the pointer: who still reads the old one finds the old signature too.
  await disk.remove(`/tree/${POINTER_PATH}`)
  await (await disk.create(`/tree/${POINTER_PATH}`)).write(before)
  assert.equal(await fetched(disk), release.manifest.label)
  await disk.remove(`/tree/${POINTER_PATH}`)
  await (await disk.create(`/tree/${POINTER_PATH}`)).write(after)
  const options = { keys: KEYS, nowMs: NOW + 1, publishIntervalMs: 0 }
  const renewed = unwrap(sealPointer(newer.manifestBytes, options))
  unwrap(await publishPointer(publisherOf(disk), renewed, signal, KEYS))
  assert.equal(await fetched(disk), newer.manifest.label)
})

test('a side file of the pointer that cannot be read any more is written anew', async () => {
  const disk = memoryDisk()
  await publisherOf(disk).putPointer(pointerMacPath(own.keyid), new Uint8Array(3), null, signal)
  unwrap(await publish(disk, release))
  assert.equal(await fetched(disk), release.manifest.label)
})
