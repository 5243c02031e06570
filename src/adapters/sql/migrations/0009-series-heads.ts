// Ninth schema: which stored series is the one in use, and the hash of each of its months.

import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

export const seriesHeads: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('data_sets').addColumn('head_at', 'integer').execute()
    // Until now the series stored last was the one in use; what was computed has no bars of its own.
    await sql`update data_sets set head_at = created_at where source <> 'internal_calculation'`.execute(db)
    await db.schema
      .createTable('data_partitions')
      .addColumn('hash', 'text', column => column.notNull())
      .addColumn('symbol', 'text', column => column.notNull())
      .addColumn('month', 'text', column => column.notNull())
      .addColumn('sha256', 'text', column => column.notNull())
      .addColumn('rows', 'integer', column => column.notNull())
      .addPrimaryKeyConstraint('data_partitions_key', ['hash', 'symbol', 'month'])
      .execute()
  },
  async down(db: Kysely<unknown>) {
    await db.schema.dropTable('data_partitions').execute()
    await db.schema.alterTable('data_sets').dropColumn('head_at').execute()
  },
}
