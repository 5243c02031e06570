import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryDisk } from '../../test/memory-disk.ts'
import { recordingDisk } from '../../test/recording-disk.ts'
import { replayClock } from '../base/clock.ts'
import { directoryReader, writeReleaseDirectory } from './directory.ts'
import { built, NOW, testPolicy } from './fixtures/built.ts'
import { verifyRelease } from './verify.ts'

const release = built()

test('a written directory verifies and holds the files of the table', async () => {
  const disk = memoryDisk()
  await writeReleaseDirectory(disk, 'out/release', release.files)
  const reader = directoryReader(disk, 'out/release')
  assert.deepEqual(await reader.list(), [...release.files.keys()].sort())
  const verification = await verifyRelease(reader, testPolicy(), undefined, replayClock(NOW))
  assert.ok(verification.ok)
})

test('a power cut at every operation leaves a whole directory or none', async () => {
  for (let at = 0; ; at++) {
    const disk = memoryDisk()
    const dying = recordingDisk(disk, {
      before(_, index) {
        if (index >= at) throw new Error('cut')
      },
    })
    const done = await writeReleaseDirectory(dying, 'out/release', release.files).then(
      () => true,
      () => false,
    )
    for (const after of [disk, disk.powerCut()]) {
      if ((await after.stat('out/release')) === undefined) continue
      const reader = directoryReader(after, 'out/release')
      assert.ok((await verifyRelease(reader, testPolicy(), undefined, replayClock(NOW))).ok, `cut at ${at}`)
    }
    if (done) break
  }
})

test('an existing directory is left alone', async () => {
  const disk = memoryDisk()
  await disk.makeDirectory('out/release')
  await assert.rejects(writeReleaseDirectory(disk, 'out/release', release.files), { code: 'RELEASE_EXISTS' })
})

test('a name that no release holds is never written or read', async () => {
  const disk = memoryDisk()
  const files = new Map([...release.files, ['../evil', Uint8Array.of(1)]])
  await assert.rejects(writeReleaseDirectory(disk, 'out/release', files), { code: 'RELEASE_EXTRA_FILE' })
  await assert.rejects(directoryReader(disk, 'out').read('../evil', 10), { code: 'FILE_MISSING' })
})

test('a directory of thousands of files is not searched to the end', async () => {
  const disk = memoryDisk()
  await writeReleaseDirectory(disk, 'release', release.files)
  for (let n = 0; n < 300; n++) await disk.create(`release/stray-${n}`)
  await assert.rejects(directoryReader(disk, 'release').list(), { code: 'RELEASE_EXTRA_FILE' })
})
