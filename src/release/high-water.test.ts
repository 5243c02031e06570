import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryDisk } from '../../test/memory-disk.ts'
import { unwrap } from '../base/fault.ts'
import { built, NOW } from './fixtures/built.ts'
import { type HighWater, highWaterAfter, highWaterFile, recoverHighWater } from './high-water.ts'

const PATH = 'state/hwm.json'
const mark: HighWater = highWaterAfter(undefined, built())

test('a mark is read back as it was written, and survives a power cut', async () => {
  const disk = memoryDisk()
  assert.equal(unwrap(await highWaterFile(disk, PATH).read()), undefined)
  await highWaterFile(disk, PATH).write(mark)
  assert.deepEqual(unwrap(await highWaterFile(disk.powerCut(), PATH).read()), mark)
})

test('fault 34: a mark with any byte changed, cut off or added is HWM_BROKEN', async () => {
  const disk = memoryDisk()
  await highWaterFile(disk, PATH).write(mark)
  const original = await disk.read(PATH, 4096)
  const broken = Array.from(original, (_, at) => [
    original.subarray(0, at),
    original.map((byte, i) => (i === at ? byte ^ 1 : byte)),
  ]).flat()
  for (const bytes of [...broken, new Uint8Array(5000)]) {
    await disk.remove(PATH)
    await (await disk.create(PATH)).write(bytes)
    const outcome = await highWaterFile(disk, PATH).read()
    assert.equal(outcome.ok ? 'read' : outcome.fault.code, 'HWM_BROKEN')
  }
})

test('the mark rises with a release and never falls', () => {
  const higher = highWaterAfter(mark, built({ version: 9 }))
  assert.deepEqual([higher.version, higher.seq, higher.maxSignedTime], [9, 2, NOW])
  const after = highWaterAfter(higher, built({ version: 3, nowMs: NOW + 1 }))
  assert.deepEqual(after, { ...higher, seq: 3, maxSignedTime: NOW + 1 })
  assert.equal(highWaterAfter(higher, built({ version: 1, epoch: 2 })).version, 1)
})

test('fault 34: a lost mark is the highest that anything still knows', () => {
  const evidence = [mark, { ...mark, epoch: 2, version: 1 }, { ...mark, version: 99, maxSignedTime: NOW + 5 }]
  const recovered = unwrap(recoverHighWater(evidence, { storeIsEmpty: false }))
  assert.deepEqual(recovered, { ...mark, epoch: 2, version: 1, maxSignedTime: NOW + 5 })
})

test('fault 34: nothing known beside a store that holds releases is HWM_LOST; an empty one starts afresh', () => {
  const lost = recoverHighWater([], { storeIsEmpty: false })
  assert.equal(lost.ok ? '' : lost.fault.code, 'HWM_LOST')
  assert.equal(unwrap(recoverHighWater([], { storeIsEmpty: true })), undefined)
})
