// Unpacking is all or nothing: blobs by digest in staging, or not a byte of the archive.

import assert from 'node:assert/strict'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { memoryDisk } from '../../test/memory-disk.ts'
import { nodeDisk } from '../adapters/files/disk.ts'
import { unwrap } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { type ArchivedFile, stageArchive } from './archive.ts'
import { zipOf } from './fixtures/zip-writer.ts'
import { contentStore } from './store.ts'
import { bytesInMemory } from './zip-bytes.ts'

const content = Uint8Array.from({ length: 3_000 }, (_, i) => (i * i * 31) % 253)
const parts = [
  { name: 'metadata.json', content: '{}' },
  { name: 'models/meta.onnx', content, deflate: true, descriptor: 'signed' as const },
  { name: 'copy.bin', content },
]

async function stage(bytes: Uint8Array, disk = memoryDisk()) {
  await disk.makeDirectory('staging')
  return { disk, outcome: await stageArchive(bytesInMemory(bytes), disk, 'staging') }
}

test('files are staged under their digests and keep their names as labels', async () => {
  const { disk, outcome } = await stage(zipOf(parts))
  const files: readonly ArchivedFile[] = unwrap(outcome)
  assert.deepEqual(
    files.map(({ label, size }) => [label, size]),
    [
      ['metadata.json', 2],
      ['models/meta.onnx', 3_000],
      ['copy.bin', 3_000],
    ],
  )
  assert.equal(files[1]!.sha256, sha256(content))
  assert.deepEqual(
    (await disk.list('staging')).map(({ name }) => name),
    [sha256('{}'), sha256(content)].sort(),
  )
})

test('fault 44: modes of the archive are ignored; what reaches the store has 0440', async () => {
  const root = await mkdtemp(join(tmpdir(), 'ratchet-archive-'))
  try {
    const disk = nodeDisk()
    const store = contentStore(disk, `${root}/cas`)
    // Setuid, setgid, sticky, and everything for everybody.
    const attributes = 0o107777 * 0x10000
    const staged = await stageArchive(bytesInMemory(zipOf([{ name: 'a', content, attributes }])), disk, root)
    const [file] = unwrap(staged)
    assert.equal((await stat(file!.path)).mode & 0o7777, 0o600)
    await store.promote(file!)
    const digest = sha256(content)
    assert.equal((await stat(`${root}/cas/${digest.slice(0, 2)}/${digest}`)).mode & 0o7777, 0o440)
  } finally {
    await rm(root, { recursive: true, force: true })
  }
})

test('fault 45: an archive that is cut off at any of 200 places is refused and leaves nothing', async () => {
  const whole = zipOf(parts)
  for (let i = 0; i < 200; i++) {
    const length = Math.floor((i * whole.length) / 200)
    const { disk, outcome } = await stage(whole.slice(0, length))
    assert.equal(outcome.ok, false, `${length} of ${whole.length} bytes`)
    assert.deepEqual(await disk.list('staging'), [], `${length} bytes`)
  }
})

test('fault 45: an archive whose last file is broken leaves nothing of the others', async () => {
  const { disk, outcome } = await stage(zipOf([...parts, { name: 'z', content: 'x', both: { crc: 1 } }]))
  assert.equal(outcome.ok ? 'accepted' : outcome.fault.code, 'ARCHIVE_CRC')
  assert.deepEqual(await disk.list('staging'), [])
})
