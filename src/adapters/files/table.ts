// A bar file by its name: Parquet or CSV, with its hash.

import type { RowSource } from '../../data/rows.ts'
import { parquetSource } from '../duckdb/parquet.ts'
import { csvSource, fileSha256 } from './csv.ts'

/** Faults: those of `fileSha256`, `csvSource` and `parquetSource`. */
export async function openTable(path: string): Promise<{ readonly rows: RowSource; readonly sha256: string }> {
  const sha256 = await fileSha256(path)
  return { sha256, rows: await (/\.parquet$/i.test(path) ? parquetSource(path) : csvSource(path)) }
}
