import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryDisk } from '../../test/memory-disk.ts'
import { filesPublisher } from '../adapters/files/publisher.ts'
import { unwrap } from '../base/fault.ts'
import { built, MAC_KEY, NOW } from '../release/fixtures/built.ts'
import { keyring } from '../release/keyring.ts'
import { POINTER_PATH, publishedPath } from '../release/layout.ts'
import { publishRelease } from '../release/publish.ts'
import { channelHead } from './channel-head.ts'
import { type ChannelTree, currentPointer, signOn } from './channel-tree.ts'

const MINUTE = 60_000
const { signal } = new AbortController()
const release = built({ version: 4, seed: 4 })
const { channel, label, releaseId, version } = release.manifest

async function published() {
  const disk = memoryDisk()
  const publisher = filesPublisher({ disk, root: '/tree', lock: (_, work) => work() })
  unwrap(await publishRelease({ publisher, files: release.files, label, pointerBytes: release.pointerBytes, signal }))
  const tree: ChannelTree = { publisher, channel, ring: keyring({ known: [MAC_KEY], nowMs: 0 }), signal }
  return { disk, tree }
}

/** What every refusal must leave as it was. */
const pointerAt = async ({ publisher }: ChannelTree) => publisher.read(POINTER_PATH, 1e6, signal)

test('signing on keeps the release and gives the pointer a new life of 90 minutes, or of two intervals', async () => {
  const { tree } = await published()
  for (const [interval, life] of [
    [30, 90],
    [120, 240],
  ] as const) {
    const now = NOW + 60 * MINUTE
    const signed = unwrap(await signOn(tree, now, interval * MINUTE))
    assert.deepEqual([signed?.releaseId, signed?.version], [releaseId, version])
    assert.equal(Date.parse(signed!.expiresAt), now + life * MINUTE)
    assert.deepEqual(unwrap(await currentPointer(tree, now)), signed)
  }
})

test('where nothing is published there is nothing to sign on for', async () => {
  const publisher = filesPublisher({ disk: memoryDisk(), root: '/tree', lock: (_, work) => work() })
  const signed = await signOn(
    { publisher, channel, ring: keyring({ known: [MAC_KEY], nowMs: 0 }), signal },
    NOW,
    30 * MINUTE,
  )
  assert.deepEqual(signed, { ok: true, value: undefined })
})

test("another channel's tree, another key's pointer and a manifest that was not signed are refused and left alone", async () => {
  const { tree, disk } = await published()
  const before = await pointerAt(tree)
  const codes: (string | undefined)[] = []
  const refusedCode = async (given: ChannelTree) => {
    const signed = await signOn(given, NOW, 30 * MINUTE)
    codes.push(signed.ok ? undefined : signed.fault.code)
  }
  await refusedCode({ ...tree, channel: 'other' })
  await refusedCode({ ...tree, ring: keyring({ known: [{ ...MAC_KEY, keyid: 'hmac:other:1' }], nowMs: 0 }) })
  const path = `/tree/${publishedPath('manifest.json', label)}`
  await disk.remove(path)
  await refusedCode(tree)
  const file = await disk.create(path)
  await file.write(built({ version: 5, seed: 5 }).manifestBytes)
  await refusedCode(tree)
  assert.deepEqual(codes, ['AUDIENCE', 'SIGNATURE_INVALID', 'POINTER_MISMATCH', 'POINTER_MISMATCH'])
  assert.deepEqual(await pointerAt(tree), before)
})

test('the next release follows the higher of what was built here and what is published', async () => {
  const { tree } = await published()
  const pointer = unwrap(await currentPointer(tree, NOW))!
  const here = (version: number) => ({
    newestRelease: async () => ({ releaseId, channel, version, manifestSha256: 'x' }),
  })
  assert.equal((await channelHead(channel, here(3), pointer))?.version, 4)
  assert.equal((await channelHead(channel, here(9), pointer))?.version, 9)
  assert.equal((await channelHead(channel, here(4), pointer))?.manifestSha256, 'x')
  assert.equal((await channelHead(channel, { newestRelease: async () => undefined }, pointer))?.version, 4)
  assert.equal(await channelHead(channel, { newestRelease: async () => undefined }), undefined)
})
