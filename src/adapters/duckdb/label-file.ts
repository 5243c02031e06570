// A data set of labelled rows as one Parquet file, with its facts in the file's own key-value metadata (LABEL-06).

import { canonicalJson } from '../../base/canonical-json.ts'
import { type Disk, ensureDirectory } from '../../base/disk.ts'
import type { LabelCell, LabelColumn, LabelSet } from '../../data/label-set.ts'
import { quoted, withDuckDb } from './parquet.ts'

const TYPES: Readonly<Record<LabelColumn['kind'], string>> = {
  text: 'VARCHAR',
  time: 'BIGINT',
  number: 'DOUBLE',
  flag: 'BOOLEAN',
}

type Appender = Awaited<ReturnType<Parameters<Parameters<typeof withDuckDb>[0]>[0]['createAppender']>>

const APPEND: Readonly<Record<LabelColumn['kind'], (appender: Appender, cell: LabelCell) => void>> = {
  text: (appender, cell) => appender.appendVarchar(String(cell)),
  time: (appender, cell) => appender.appendBigInt(BigInt(Number(cell))),
  number: (appender, cell) => appender.appendDouble(Number(cell)),
  flag: (appender, cell) => appender.appendBoolean(cell === true),
}

/**
 * Writes the file beside its place and moves it there whole. Faults: those of the disk.
 *
 * @example await writeLabelFile(disk, 'labels/SPX.parquet', labelSet(input))
 */
export async function writeLabelFile(disk: Disk, path: string, { facts, rows, columns }: LabelSet): Promise<void> {
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.'
  await ensureDirectory(disk, folder)
  const half = `${path}.partial`
  await disk.remove(half)
  await withDuckDb(async connection => {
    const types = columns.map(({ name, kind }) => `"${name}" ${TYPES[kind]}`)
    await connection.run(`CREATE TABLE labels (${types.join(', ')})`)
    const appender = await connection.createAppender('labels')
    for (const [at, row] of rows.entries()) {
      for (const { kind, cell } of columns) APPEND[kind](appender, cell(row, at))
      appender.endRow()
    }
    appender.closeSync()
    const told = `{ ratchet_labels: ${quoted(canonicalJson(facts))} }`
    await connection.run(`COPY labels TO ${quoted(half)} (FORMAT parquet, COMPRESSION zstd, KV_METADATA ${told})`)
  })
  await disk.rename(half, path)
  await disk.syncDirectory(folder)
}
