// Parquet through DuckDB: foreign files as text rows, our own partitions as bars. One thread, so that equal rows are equal bytes.

import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { Fault } from '../../base/fault.ts'
import type { RawRow, RowSource } from '../../data/rows.ts'
import type { Bar } from '../../market/bar.ts'

export const quoted = (path: string): string => `'${path.replaceAll("'", "''")}'`

const text = (cell: unknown): string => (typeof cell === 'string' ? cell : '')

async function open(): Promise<{ instance: DuckDBInstance; connection: DuckDBConnection }> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', autoinstall_known_extensions: 'false' })
  return { instance, connection: await instance.connect() }
}

export async function withDuckDb<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const { instance, connection } = await open()
  try {
    return await work(connection)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** A Parquet file as text rows; row numbers count the header as 1. Fault: `DATA_PARQUET_BROKEN`. */
export async function parquetSource(path: string): Promise<RowSource> {
  const broken = (cause: unknown) =>
    new Fault('DATA_PARQUET_BROKEN', 'this is no readable Parquet file', {
      place: path,
      fix: 'write it again or import CSV',
      cause,
    })
  const columns = await withDuckDb(async connection => {
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM read_parquet(${quoted(path)})`)
    return described.getRowsJson().map(row => text(row[0]))
  }).catch((cause: unknown) => {
    throw broken(cause)
  })
  return {
    name: path,
    columns,
    async *rows(): AsyncIterable<RawRow> {
      const { instance, connection } = await open()
      try {
        const cells = columns.map(name => `CAST("${name.replaceAll('"', '""')}" AS VARCHAR)`).join(', ')
        const result = await connection.stream(`SELECT ${cells} FROM read_parquet(${quoted(path)})`)
        let line = 1
        for await (const chunk of result.yieldRowsJson()) {
          for (const row of chunk) {
            line++
            yield { line, cells: row.map(text) }
          }
        }
      } catch (cause) {
        throw broken(cause)
      } finally {
        connection.closeSync()
        instance.closeSync()
      }
    },
  }
}

/** Writes bars to one Parquet file per entry, in order. */
export async function writePartitions(
  files: readonly { readonly path: string; readonly bars: readonly Bar[] }[],
): Promise<void> {
  await withDuckDb(async connection => {
    await connection.run(
      'CREATE TABLE bars (part INTEGER, time BIGINT, known_at BIGINT, open DOUBLE, high DOUBLE, low DOUBLE, close DOUBLE, volume DOUBLE)',
    )
    const appender = await connection.createAppender('bars')
    for (const [part, { bars }] of files.entries()) {
      for (const bar of bars) {
        appender.appendInteger(part)
        appender.appendBigInt(BigInt(bar.time))
        appender.appendBigInt(BigInt(bar.knownAt))
        for (const value of [bar.open, bar.high, bar.low, bar.close, bar.volume]) appender.appendDouble(value)
        appender.endRow()
      }
    }
    appender.closeSync()
    for (const [part, { path }] of files.entries()) {
      await connection.run(
        `COPY (SELECT * EXCLUDE (part) FROM bars WHERE part = ${part} ORDER BY time) TO ${quoted(path)} (FORMAT parquet, COMPRESSION zstd)`,
      )
    }
  })
}

export async function readPartitions(paths: readonly string[]): Promise<Bar[]> {
  return withDuckDb(async connection => {
    const list = paths.map(quoted).join(', ')
    const columns = ['time', 'known_at', 'open', 'high', 'low', 'close', 'volume']
    const result = await connection.runAndReadAll(
      `SELECT ${columns.map(name => `CAST(${name} AS DOUBLE)`).join(', ')} FROM read_parquet([${list}]) ORDER BY time`,
    )
    const [time, knownAt, open, high, low, close, volume] =
      result.getColumns() as unknown as readonly (readonly number[])[]
    return Array.from(time!, (start, i) => ({
      time: start,
      knownAt: knownAt![i]!,
      open: open![i]!,
      high: high![i]!,
      low: low![i]!,
      close: close![i]!,
      volume: volume![i]!,
    }))
  })
}
