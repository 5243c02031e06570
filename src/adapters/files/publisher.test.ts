import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { recordingDisk } from '../../../test/recording-disk.ts'
import { replayClock } from '../../base/clock.ts'
import type { Disk } from '../../base/disk.ts'
import { unwrap } from '../../base/fault.ts'
import { candidateReader } from '../../release/fetch.ts'
import { built, NOW, testPolicy } from '../../release/fixtures/built.ts'
import { publishedPath } from '../../release/layout.ts'
import { publishRelease } from '../../release/publish.ts'
import { checkPublisher } from '../../release/publisher.checks.ts'
import { type Verification, verifyRelease } from '../../release/verify.ts'
import { nodeDisk } from './disk.ts'
import { withFileLock } from './lock.ts'
import { filesPublisher } from './publisher.ts'
import { filesSource } from './source.ts'

const folder = () => mkdtemp(join(tmpdir(), 'ratchet-publish-'))
const into = (root: string, disk: Disk = nodeDisk()) => filesPublisher({ disk, root, lock: withFileLock })
const signal = new AbortController().signal
const clock = replayClock(NOW)

checkPublisher('files', async () => {
  const root = await folder()
  return { publisher: into(root), close: () => rm(root, { recursive: true }) }
})

const older = built({ version: 4, seed: 4 })
const newer = built({ version: 5, seed: 5, prevManifestSha256: older.manifestSha256 })

const publish = (root: string, { files, manifest, pointerBytes }: typeof older, disk?: Disk) =>
  publishRelease({ publisher: into(root, disk), files, label: manifest.label, pointerBytes, signal })

/** What a bot that starts now would get. */
async function fetched(root: string): Promise<Verification> {
  const source = filesSource(root)
  const found = await source.discover(undefined, signal)
  assert.ok(found.kind === 'found')
  const policy = testPolicy({ requirePointer: true })
  const reader = unwrap(await candidateReader(source, found.candidates[0]!, policy, clock, signal))
  return verifyRelease(reader, policy, undefined, clock)
}
const versionOf = (verification: Verification) =>
  verification.ok ? verification.value.manifest.version : `${verification.fault.code} ${verification.fault.place}`

test('a published release is fetched and verified, and publishing it again changes nothing', async () => {
  const root = await folder()
  const first = unwrap(await publish(root, older))
  assert.equal(versionOf(await fetched(root)), 4)
  assert.deepEqual(
    first.slice(-2).map(({ path, result }) => [path, result]),
    [
      ['models/current.json', 'replaced'],
      ['models/pointer.json', 'replaced'],
    ],
  )
  assert.ok(unwrap(await publish(root, older)).every(({ result }) => result === 'present'))
  await rm(root, { recursive: true })
})

test('the tree has the layout that everyone expects', async () => {
  const root = await folder()
  unwrap(await publish(root, older))
  const names = (await readdir(join(root, 'models'))).sort()
  assert.deepEqual(names, ['current.json', 'exec_model', 'meta_model', 'pointer.json', 'releases', 'rl_model'])
  const { label } = older.manifest
  assert.deepEqual(await readdir(join(root, 'models/exec_model')), [`v${label}.onnx`])
  assert.ok((await readdir(join(root, `models/releases/v${label}`))).includes('envelope.json'))
  await rm(root, { recursive: true })
})

test('everything is synced before a pointer names it', async () => {
  const root = await folder()
  const disk = recordingDisk(nodeDisk())
  unwrap(await publish(root, older, disk))
  const operations = disk.operations
  const pointed = operations.findIndex(({ kind, path }) => kind === 'rename' && path.endsWith('current.json.tmp'))
  const unsynced = new Set<string>()
  for (const operation of operations.slice(0, pointed)) {
    const parent = operation.path.slice(0, operation.path.lastIndexOf('/'))
    if (operation.kind === 'write') unsynced.add(operation.path)
    if (operation.kind === 'fsync') unsynced.delete(operation.path)
    if (operation.kind === 'rename' || operation.kind === 'mkdir') unsynced.add(`${parent}/`)
    if (operation.kind === 'syncDirectory') unsynced.delete(`${operation.path}/`)
  }
  // The folder of the pointer itself is synced right after.
  unsynced.delete(`${root}/models/`)
  assert.deepEqual([...unsynced], [])
  await rm(root, { recursive: true })
})

test('a flipped bit in any published file is refused with the file', async () => {
  const root = await folder()
  const steps = unwrap(await publish(root, older))
  const disk = nodeDisk()
  for (const { path } of steps) {
    const original = await disk.read(join(root, path), 1 << 20)
    const flipped = Uint8Array.from(original)
    flipped[original.length >> 1]! ^= 1
    await writeFile(join(root, path), flipped)
    const outcome = await fetched(root).catch((fault: unknown) => fault as { code: string; place: string })
    const fault = 'ok' in outcome ? (outcome.ok ? undefined : outcome.fault) : outcome
    assert.ok(fault !== undefined, `${path} went unnoticed`)
    const named = publishedPath(fault.place!, older.manifest.label)
    assert.ok([fault.place, named].includes(path) || path === `models/${fault.place}`, `${path}: ${fault.place}`)
    await writeFile(join(root, path), original)
  }
  assert.equal(versionOf(await fetched(root)), 4)
  await rm(root, { recursive: true })
})

test('another release under a published version is BLOB_CONFLICT and the tree stays', async () => {
  const root = await folder()
  unwrap(await publish(root, older))
  const twin = built({ version: 4, seed: 99 })
  const outcome = await publish(root, twin)
  assert.equal(outcome.ok ? '' : outcome.fault.code, 'BLOB_CONFLICT')
  assert.equal(versionOf(await fetched(root)), 4)
  await rm(root, { recursive: true })
})

test('a publisher that was overtaken does not move the pointer back', async () => {
  const root = await folder()
  unwrap(await publish(root, older))
  const publisher = into(root)
  let overtaken = false
  const slow = {
    ...publisher,
    async putBlob(...parameters: Parameters<typeof publisher.putBlob>) {
      if (!overtaken) {
        overtaken = true
        unwrap(await publish(root, newer))
      }
      return publisher.putBlob(...parameters)
    },
  }
  const late = built({ version: 5, seed: 6, nowMs: NOW - 60_000 })
  const { files, manifest, pointerBytes } = late
  const outcome = await publishRelease({ publisher: slow, files, label: manifest.label, pointerBytes, signal })
  assert.equal(outcome.ok ? '' : outcome.fault.code, 'POINTER_CONFLICT')
  assert.equal(versionOf(await fetched(root)), 5)
  await rm(root, { recursive: true })
})
