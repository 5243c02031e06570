import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { nodeDisk } from '../files/disk.ts'
import { writeLabelFile } from './label-file.ts'
import { parquetSource, withDuckDb } from './parquet.ts'

test('the rows and their facts stand in one Parquet file that other programs read', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-labels-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'deep', 'labels.parquet')
  const facts = { rows: 2, balance: { None: 1, EmaCross: 1 }, span: [1, 9], snapshotId: 'a', sha256: 'b' } as const
  const columns = [
    { name: 'signal_id', kind: 'text', cell: (row: number) => `id's ${row}` },
    { name: 'time', kind: 'time', cell: (row: number) => 1_600_000_000_000 + row },
    { name: 'r', kind: 'number', cell: (_: number, at: number) => 0.1 + at },
    { name: 'fired', kind: 'flag', cell: (row: number) => row === 5 },
  ] as const
  await writeLabelFile(nodeDisk(), path, { facts, rows: Int32Array.of(3, 5), columns })
  const source = await parquetSource(path)
  assert.deepEqual(source.columns, ['signal_id', 'time', 'r', 'fired'])
  const rows = []
  for await (const { cells } of source.rows()) rows.push(cells)
  assert.deepEqual(rows, [
    ["id's 3", '1600000000003', '0.1', 'false'],
    ["id's 5", '1600000000005', '1.1', 'true'],
  ])
  const [told] = await withDuckDb(async connection => {
    const read = await connection.runAndReadAll(`SELECT decode(value) FROM parquet_kv_metadata('${path}')`)
    return read.getRowsJson().map(row => JSON.parse(row[0] as string) as unknown)
  })
  assert.deepEqual(told, facts)
  assert.deepEqual(readdirSync(join(folder, 'deep')), ['labels.parquet'])
})
