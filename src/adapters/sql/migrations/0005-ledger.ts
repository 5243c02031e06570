// Fifth schema: the multiplicity ledger, which is only ever added to.

import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const ledger: Migration = {
  async up(db: Kysely<unknown>) {
    let table = db.schema
      .createTable('ledger')
      .addColumn('seq', 'integer', column => column.primaryKey())
      .addColumn('at', 'integer', column => column.notNull())
      .addColumn('until', 'integer', column => column.notNull())
      .addColumn('body', 'text')
    for (const name of [
      'kind',
      'hypothesis',
      'subject',
      'actor',
      'config_sha256',
      'snapshot_id',
      'prev_hash',
      'hash',
    ]) {
      table = table.addColumn(name, 'text', column => column.notNull())
    }
    await table.addColumn('key', 'text', column => column.notNull().unique()).execute()
    await db.schema.createIndex('ledger_hypothesis').on('ledger').columns(['hypothesis', 'seq']).execute()
  },
  async down(db: Kysely<unknown>) {
    await db.schema.dropTable('ledger').execute()
  },
}
