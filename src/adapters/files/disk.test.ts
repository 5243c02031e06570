import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { memoryDisk } from '../../../test/memory-disk.ts'
import { type Disk, replaceFile } from '../../base/disk.ts'
import { nodeDisk } from './disk.ts'
import { withFileLock } from './lock.ts'

const bytes = new TextEncoder().encode('hello')

/** The same laws for the real disk and for the one that tests use in its place. */
function law(sentence: string, check: (disk: Disk, root: string) => Promise<void>): void {
  test(`real disk: ${sentence}`, async () => {
    const root = await mkdtemp(join(tmpdir(), 'ratchet-disk-'))
    await check(nodeDisk(), root)
    await rm(root, { recursive: true })
  })
  test(`memory disk: ${sentence}`, async () => {
    const disk = memoryDisk()
    await disk.makeDirectory('root')
    await check(disk, 'root')
  })
}

law('what is written is read, through the same descriptor too', async (disk, root) => {
  const file = await disk.create(`${root}/a`, 0o600)
  await file.write(bytes)
  await file.write(bytes)
  await file.sync()
  assert.equal(new TextDecoder().decode(await file.readBack()), 'hellohello')
  await file.close()
  assert.equal((await disk.read(`${root}/a`, 10)).length, 10)
  const stat = await disk.stat(`${root}/a`)
  assert.deepEqual(stat, { kind: 'file', size: 10, links: 1, mode: 0o600 })
})

law('more than the limit is FILE_TOO_LARGE, nothing is FILE_MISSING', async (disk, root) => {
  await replaceFile(disk, `${root}/a`, bytes)
  await assert.rejects(disk.read(`${root}/a`, 4), { code: 'FILE_TOO_LARGE' })
  await assert.rejects(disk.read(`${root}/b`, 4), { code: 'FILE_MISSING' })
  await assert.rejects(disk.rename(`${root}/b`, `${root}/c`), { code: 'FILE_MISSING' })
  await assert.rejects(disk.create(`${root}/none/a`), { code: 'FILE_MISSING' })
})

law('creating never overwrites', async (disk, root) => {
  await replaceFile(disk, `${root}/a`, bytes)
  await assert.rejects(disk.create(`${root}/a`), { code: 'FILE_EXISTS' })
})

law('a directory is no file, and is not replaced while it holds something', async (disk, root) => {
  await disk.makeDirectory(`${root}/d/e`)
  await disk.makeDirectory(`${root}/f`)
  await assert.rejects(disk.read(`${root}/d`, 4), { code: 'FILE_NOT_REGULAR' })
  await assert.rejects(disk.rename(`${root}/f`, `${root}/d`), { code: 'FILE_EXISTS' })
})

law('replacing keeps readers on the old or the new bytes', async (disk, root) => {
  await replaceFile(disk, `${root}/deep/a`, bytes)
  await replaceFile(disk, `${root}/deep/a`, Uint8Array.of(1), 0o600)
  assert.deepEqual(await disk.read(`${root}/deep/a`, 10), Uint8Array.of(1))
  assert.deepEqual(await disk.list(`${root}/deep`), [{ name: 'a', kind: 'file' }])
})

law('removing takes what is inside along, and the absent is fine', async (disk, root) => {
  await replaceFile(disk, `${root}/d/a`, bytes)
  await disk.remove(`${root}/d`)
  await disk.remove(`${root}/d`)
  assert.equal(await disk.stat(`${root}/d`), undefined)
  assert.deepEqual(await disk.list(`${root}/d`), [])
})

test('a link is neither read nor written through', async () => {
  const root = await mkdtemp(join(tmpdir(), 'ratchet-disk-'))
  const disk = nodeDisk()
  await writeFile(join(root, 'target'), 'x')
  await symlink(join(root, 'target'), join(root, 'link'))
  await assert.rejects(disk.read(join(root, 'link'), 10), { code: 'FILE_NOT_REGULAR' })
  await assert.rejects(disk.create(join(root, 'link')), { code: 'FILE_EXISTS' })
  assert.equal((await disk.stat(join(root, 'link')))?.kind, 'other')
  await rm(root, { recursive: true })
})

const skip = process.platform === 'win32' ? 'Windows has no named pipes in directories' : false

test('a named pipe in the place of a file does not hang the reader', { skip }, async () => {
  const root = await mkdtemp(join(tmpdir(), 'ratchet-disk-'))
  execFileSync('mkfifo', [join(root, 'pipe')])
  await assert.rejects(nodeDisk().read(join(root, 'pipe'), 10), { code: 'FILE_NOT_REGULAR' })
  await rm(root, { recursive: true })
})

test('a lock is held by one, and given back also when the work fails', async () => {
  const root = await mkdtemp(join(tmpdir(), 'ratchet-disk-'))
  const path = join(root, '.lock')
  await withFileLock(path, () =>
    assert.rejects(
      withFileLock(path, () => Promise.resolve()),
      { code: 'LOCK_BUSY' },
    ),
  )
  await assert.rejects(
    withFileLock(path, () => Promise.reject(new Error('work'))),
    /work/,
  )
  assert.equal(await withFileLock(path, () => Promise.resolve(7)), 7)
  await rm(root, { recursive: true })
})
