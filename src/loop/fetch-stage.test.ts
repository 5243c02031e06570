import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryDisk } from '../../test/memory-disk.ts'
import type { Disk } from '../base/disk.ts'
import { fetchStage, type StagedPage } from './fetch-stage.ts'

const bar = (time: number) => ({ time, open: 0.1 + 0.2, high: 1e-7, low: -0, close: 1 / 3, volume: 2 ** 53 })
const page = (number: number): StagedPage => ({
  through: (number + 1) * 1000,
  sha256: String(number).padStart(64, '0'),
  bars: [bar(number * 1000), bar(number * 1000 + 500)],
})
const PAGES = [0, 1, 2, 3].map(page)

/** A disk that breaks down at the n-th of its writing calls. */
function breaking(disk: Disk, at: number): Disk {
  let calls = 0
  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    if (++calls >= at) throw new Error('power cut')
    return work()
  }
  return {
    ...disk,
    create: async (path, mode) => {
      const file = await guard(() => disk.create(path, mode))
      return { ...file, write: bytes => guard(() => file.write(bytes)), sync: () => guard(() => file.sync()) }
    },
    rename: (from, to) => guard(() => disk.rename(from, to)),
    syncDirectory: path => guard(() => disk.syncDirectory(path)),
    remove: path => guard(() => disk.remove(path)),
    makeDirectory: (path, mode) => guard(() => disk.makeDirectory(path, mode)),
  }
}

test('pages come back bit for bit, in order', async () => {
  const disk = memoryDisk()
  const stage = fetchStage(disk, '/fetch/a')
  for (const [number, one] of PAGES.entries()) await stage.append(number, one)
  assert.deepEqual(await stage.pages(), JSON.parse(JSON.stringify(PAGES)))
  await stage.clear()
  assert.deepEqual(await stage.pages(), [])
})

test('after a power cut at any call whole pages are there from the first on, all that were finished, and one more can follow', async () => {
  let at = 1
  for (let finished = -1; finished < PAGES.length; at++) {
    const disk = memoryDisk()
    const stage = fetchStage(breaking(disk, at), '/fetch/a')
    finished = 0
    try {
      for (const [number, one] of PAGES.entries()) {
        await stage.append(number, one)
        finished++
      }
    } catch (cause) {
      assert.match(String(cause), /power cut/)
    }
    const after = fetchStage(disk.powerCut(), '/fetch/a')
    const found = await after.pages()
    assert.ok(found.length === finished || found.length === finished + 1, `call ${at}: ${found.length} of ${finished}`)
    assert.deepEqual(found, JSON.parse(JSON.stringify(PAGES.slice(0, found.length))))
    if (found.length < PAGES.length) {
      await after.append(found.length, PAGES[found.length]!)
      assert.equal((await after.pages()).length, found.length + 1)
    }
  }
  assert.ok(at > 15, 'there were calls to break at')
})

test('a page that was changed, and all behind it, are not believed', async () => {
  const disk = memoryDisk()
  const stage = fetchStage(disk, '/fetch/a')
  for (const [number, one] of PAGES.entries()) await stage.append(number, one)
  const path = '/fetch/a/000002.json'
  const text = new TextDecoder().decode(await disk.read(path, 1e6))
  for (const bad of [
    text.replace('2500', '2501'),
    text.slice(0, -5),
    '',
    '[]',
    text.replace('"number":2', '"number":3'),
  ]) {
    await disk.remove(path)
    const file = await disk.create(path)
    await file.write(new TextEncoder().encode(bad))
    await file.close()
    assert.equal((await stage.pages()).length, 2, bad)
  }
})
