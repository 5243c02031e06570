// The catalogue of imported series on SQL.

import type { DataSets } from '../../data/data-sets.ts'
import type { DataSource, Provenance } from '../../market/bar.ts'
import type { Database } from './open.ts'

export function sqlDataSets(db: Database): DataSets {
  return {
    async save(set, partitions = []) {
      const { hash, symbol } = set
      await db
        .insertInto('data_sets')
        .values({
          hash: set.hash,
          symbol: set.symbol,
          bar_ms: set.barMs,
          first_time: set.firstTime,
          last_time: set.lastTime,
          rows: set.rows,
          provenance: set.provenance,
          source: set.source,
          file: set.file,
          report: set.report,
          created_at: set.createdAt,
          head_at: set.headAt,
        })
        .onConflict(conflict =>
          conflict.columns(['hash', 'symbol']).doUpdateSet(eb => ({
            head_at: eb.fn.coalesce(eb.ref('excluded.head_at'), eb.ref('data_sets.head_at')),
          })),
        )
        .execute()
      if (partitions.length === 0) return
      await db
        .insertInto('data_partitions')
        .values(partitions.map(partition => ({ hash, symbol, ...partition })))
        .onConflict(conflict => conflict.doNothing())
        .execute()
    },
    async list() {
      const rows = await db.selectFrom('data_sets').selectAll().orderBy('created_at').orderBy('hash').execute()
      return rows.map(row => ({
        hash: row.hash,
        symbol: row.symbol,
        barMs: row.bar_ms,
        firstTime: row.first_time,
        lastTime: row.last_time,
        rows: row.rows,
        provenance: row.provenance as Provenance,
        source: row.source as DataSource,
        file: row.file,
        report: row.report,
        createdAt: row.created_at,
        headAt: row.head_at,
      }))
    },
    partitions: ({ hash, symbol }) =>
      db
        .selectFrom('data_partitions')
        .select(['month', 'sha256', 'rows'])
        .where('hash', '=', hash)
        .where('symbol', '=', symbol)
        .orderBy('month')
        .execute(),
  }
}
