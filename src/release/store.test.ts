import assert from 'node:assert/strict'
import { link, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { memoryDisk } from '../../test/memory-disk.ts'
import { recordingDisk } from '../../test/recording-disk.ts'
import { nodeDisk } from '../adapters/files/disk.ts'
import { sha256 } from '../base/hash.ts'
import { contentStore } from './store.ts'

const bytes = new TextEncoder().encode('model')
const digest = sha256(bytes)
const ROOT = 'store/cas'
const PATH = `${ROOT}/${digest.slice(0, 2)}/${digest}`

async function onMemory() {
  const disk = memoryDisk()
  await disk.makeDirectory('staging')
  await disk.syncDirectory('.')
  return { disk, store: contentStore(disk, ROOT) }
}

test('what is put comes back under its digest', async () => {
  const { store } = await onMemory()
  const staged = await store.stage('staging', bytes)
  assert.equal(await store.has(digest), false)
  await store.promote(staged)
  assert.equal(await store.has(digest), true)
  assert.deepEqual(await store.get(digest, 100), bytes)
  assert.deepEqual(await store.list(), [digest])
})

test('what was promoted survives a power cut, what was staged is never in the store', async () => {
  const { disk, store } = await onMemory()
  const staged = await store.stage('staging', bytes)
  assert.deepEqual(await contentStore(disk.powerCut(), ROOT).list(), [])
  await store.promote(staged)
  assert.deepEqual(await contentStore(disk.powerCut(), ROOT).get(digest, 100), bytes)
})

test('a power cut at every operation of a promotion leaves the blob whole or absent', async () => {
  for (let at = 0; ; at++) {
    const { disk } = await onMemory()
    const dying = recordingDisk(disk, {
      before(_, index) {
        if (index >= at) throw new Error('cut')
      },
    })
    const store = contentStore(dying, ROOT)
    const done = await store
      .stage('staging', bytes)
      .then(staged => store.promote(staged))
      .then(
        () => true,
        () => false,
      )
    const after = contentStore(disk.powerCut(), ROOT)
    for (const found of await after.list()) assert.deepEqual(await after.get(found, 100), bytes)
    if (done) break
  }
})

test('a blob is promoted twice and stays one; a broken copy is replaced', async () => {
  const { disk, store } = await onMemory()
  await store.promote(await store.stage('staging', bytes))
  await store.promote(await store.stage('staging', bytes))
  assert.deepEqual(await disk.list('staging'), [])
  await disk.remove(PATH)
  await (await disk.create(PATH)).write(Uint8Array.of(1))
  await assert.rejects(store.get(digest, 100), { code: 'CAS_CORRUPT', place: PATH })
  await store.promote(await store.stage('staging', bytes))
  assert.deepEqual(await store.get(digest, 100), bytes)
})

test('what is not there is CAS_MISSING', async () => {
  const { store } = await onMemory()
  await assert.rejects(store.get(digest, 100), { code: 'CAS_MISSING' })
})

test('collecting removes all but what is kept', async () => {
  const { store } = await onMemory()
  const other = new TextEncoder().encode('other')
  for (const content of [bytes, other]) await store.promote(await store.stage('staging', content))
  assert.deepEqual(await store.collect(new Set([digest])), [sha256(other)])
  assert.deepEqual(await store.list(), [digest])
})

test('fault 84: a failed fsync leaves nothing staged', async () => {
  const { disk } = await onMemory()
  const failing = recordingDisk(disk, {
    before(operation) {
      if (operation.kind === 'fsync') throw new Error('EIO')
    },
  })
  await assert.rejects(contentStore(failing, ROOT).stage('staging', bytes), /EIO/)
  assert.deepEqual(await disk.list('staging'), [])
})

test('on a real disk a blob is read-only, and a second name for it is CAS_CORRUPT', async () => {
  const root = await mkdtemp(join(tmpdir(), 'ratchet-store-'))
  const store = contentStore(nodeDisk(), join(root, 'cas'))
  await store.promote(await store.stage(root, bytes))
  const path = join(root, 'cas', digest.slice(0, 2), digest)
  assert.equal((await stat(path)).mode & 0o777, 0o440)
  await link(path, join(root, 'second'))
  await assert.rejects(store.get(digest, 100), { code: 'CAS_CORRUPT' })
  await rm(path)
  await writeFile(path, 'other')
  await assert.rejects(store.get(digest, 100), { code: 'CAS_CORRUPT' })
  await rm(root, { recursive: true })
})
