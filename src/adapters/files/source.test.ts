import assert from 'node:assert/strict'
import { mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { replayClock } from '../../base/clock.ts'
import { unwrap } from '../../base/fault.ts'
import { writeReleaseDirectory } from '../../release/directory.ts'
import { candidateReader, readObject } from '../../release/fetch.ts'
import { built, NOW, testPolicy } from '../../release/fixtures/built.ts'
import { publishedPath } from '../../release/layout.ts'
import { publishRelease } from '../../release/publish.ts'
import { checkReleaseSource } from '../../release/source.checks.ts'
import { verifyRelease } from '../../release/verify.ts'
import { nodeDisk } from './disk.ts'
import { withFileLock } from './lock.ts'
import { filesPublisher } from './publisher.ts'
import { filesSource } from './source.ts'

const signal = new AbortController().signal
const folder = () => mkdtemp(join(tmpdir(), 'ratchet-source-'))
const clock = replayClock(NOW)
const one = built({ version: 4, seed: 4 })
const two = built({ version: 5, seed: 5 })

async function publish(root: string, { files, manifest, pointerBytes }: typeof one): Promise<void> {
  const publisher = filesPublisher({ disk: nodeDisk(), root, lock: withFileLock })
  unwrap(await publishRelease({ publisher, files, label: manifest.label, pointerBytes, signal }))
}

checkReleaseSource('files, a published tree', async () => {
  const root = await folder()
  await publish(root, one)
  const name = 'models/meta.onnx'
  return {
    source: filesSource(root),
    publish: () => publish(root, two),
    object: { path: publishedPath(name, one.manifest.label) },
    bytes: one.files.get(name)!,
    missing: { path: 'models/none' },
    close: () => rm(root, { recursive: true }),
  }
})

checkReleaseSource('files, a release directory', async () => {
  const parent = await folder()
  const root = join(parent, 'release')
  await writeReleaseDirectory(nodeDisk(), root, one.files)
  return {
    source: filesSource(root),
    async publish() {
      await rm(root, { recursive: true })
      await writeReleaseDirectory(nodeDisk(), root, two.files)
    },
    object: { path: 'models/meta.onnx' },
    bytes: one.files.get('models/meta.onnx')!,
    missing: { path: 'models/none.onnx' },
    close: () => rm(parent, { recursive: true }),
  }
})

test('a release directory is found, read and verified', async () => {
  const parent = await folder()
  const root = join(parent, 'release')
  await writeReleaseDirectory(nodeDisk(), root, one.files)
  const source = filesSource(root)
  const found = await source.discover(undefined, signal)
  assert.ok(found.kind === 'found')
  const policy = testPolicy()
  const read = async () => unwrap(await candidateReader(source, found.candidates[0]!, policy, clock, signal))
  const verification = await verifyRelease(await read(), policy, undefined, clock)
  assert.ok(verification.ok)
  await writeFile(join(root, 'stray.txt'), 'x')
  const again = await source.discover(undefined, signal)
  assert.ok(again.kind === 'found')
  const reader = unwrap(await candidateReader(source, again.candidates[0]!, policy, clock, signal))
  const stray = await verifyRelease(reader, policy, undefined, clock)
  assert.equal(stray.ok ? '' : `${stray.fault.code} ${stray.fault.place}`, 'RELEASE_EXTRA_FILE stray.txt')
  await rm(parent, { recursive: true })
})

test('a link is refused, as the file or on the way to it', async () => {
  const root = await folder()
  await publish(root, one)
  const source = filesSource(root)
  const path = publishedPath('models/meta.onnx', one.manifest.label)
  await rename(join(root, 'models/meta_model'), join(root, 'elsewhere'))
  await symlink(join(root, 'elsewhere'), join(root, 'models/meta_model'))
  await assert.rejects(readObject(source, path, 100, signal), { code: 'FILE_NOT_REGULAR' })
  await rename(join(root, 'models/pointer.json'), join(root, 'pointer.json'))
  await symlink(join(root, 'pointer.json'), join(root, 'models/pointer.json'))
  await assert.rejects(source.discover(undefined, signal), { code: 'FILE_NOT_REGULAR' })
  await rm(root, { recursive: true })
})

for (const path of ['../secret', '/etc/passwd', 'models/../../x', 'a//b', '', 'models/\u0000', '.hidden']) {
  test(`the path ${JSON.stringify(path)} is refused`, async () => {
    await assert.rejects(readObject(filesSource('/nowhere'), path, 1, signal), { code: 'PATH_OUTSIDE' })
  })
}

test('a directory without a release is SOURCE_EMPTY', async () => {
  const root = await folder()
  await assert.rejects(filesSource(root).discover(undefined, signal), { code: 'SOURCE_EMPTY' })
  await rm(root, { recursive: true })
})
