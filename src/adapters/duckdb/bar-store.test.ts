import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Fault } from '../../base/fault.ts'
import { importBars } from '../../data/import.ts'
import type { Bar } from '../../market/bar.ts'
import { nodeDisk } from '../files/disk.ts'
import { barStore } from './bar-store.ts'
import { parquetSource, writePartitions } from './parquet.ts'

const folder = mkdtempSync(join(tmpdir(), 'ratchet-bars-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const FACTS = { symbol: 'A/B', barMs: 3_600_000, hasVolume: true, source: 'file', provenance: 'real' } as const
const bars: Bar[] = Array.from({ length: 2000 }, (_, i) => {
  const time = Date.parse('2024-01-15T00:00:00Z') + i * 3_600_000
  return { time, knownAt: time + 3_600_000, open: 1 / 3, high: 2 + i, low: 0.1, close: 1.1, volume: i }
})

test('stored bars come back bit for bit, by month, under an id that only their content decides', async () => {
  const store = barStore(nodeDisk(), join(folder, 'one'))
  const snapshot = await store.save(FACTS, bars)
  assert.deepEqual(
    snapshot.partitions.map(part => [part.month, part.rows]),
    [
      ['2024-01', 408],
      ['2024-02', 696],
      ['2024-03', 744],
      ['2024-04', 152],
    ],
  )
  assert.deepEqual((await store.load(snapshot)).bars, bars)
  const again = await barStore(nodeDisk(), join(folder, 'two')).save(FACTS, bars)
  assert.equal(again.snapshotId, snapshot.snapshotId)
  assert.deepEqual(await store.list(), [snapshot])
})

test('a correction is a new version beside the old one', async () => {
  const store = barStore(nodeDisk(), join(folder, 'three'))
  const before = await store.save(FACTS, bars)
  const corrected = await store.save(FACTS, bars.with(5, { ...bars[5]!, close: 1.2 }))
  assert.notEqual(corrected.snapshotId, before.snapshotId)
  assert.deepEqual((await store.load(before)).bars, bars)
  assert.equal((await store.load(corrected)).bars[5]!.close, 1.2)
})

test('a partition that changed on disk is refused by its hash', async () => {
  const root = join(folder, 'four')
  const store = barStore(nodeDisk(), root)
  const snapshot = await store.save(FACTS, bars)
  const place = join(root, 'bars', 'A%2fB', '3600000')
  const file = readdirSync(place).find(name => name.endsWith('.parquet'))!
  writeFileSync(join(place, file), 'PAR1')
  await assert.rejects(
    store.load(snapshot),
    (error: unknown) => error instanceof Fault && error.code === 'DATA_PARTITION_CORRUPT',
  )
})

test('a foreign Parquet file is read as text and checked like any other', async () => {
  const path = join(folder, "it's.parquet")
  await writePartitions([{ path, bars }])
  const { report } = await importBars(await parquetSource(path), {
    symbol: 'X',
    maxBad: 0,
    now: Date.parse('2026-01-01'),
    fileSha256: '',
  }).catch((error: unknown) => assert.fail(String(error)))
  assert.equal(report.stored, 2000)
})

test('a file that is no Parquet is refused by code', async () => {
  const path = join(folder, 'broken.parquet')
  writeFileSync(path, 'no parquet')
  await assert.rejects(
    parquetSource(path),
    (error: unknown) => error instanceof Fault && error.code === 'DATA_PARQUET_BROKEN',
  )
})
