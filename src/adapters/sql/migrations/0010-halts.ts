// Tenth schema: states of the account's risk, and who stopped trading or let it go on. What events tell of them is forgotten after a week.

import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const halts: Migration = {
  async up(db: Kysely<unknown>) {
    for (const [table, columns] of [
      ['risk_state', ['state', 'cause']],
      ['kill_events', ['action', 'actor', 'reason']],
    ] as const) {
      let made = db.schema
        .createTable(table)
        .addColumn('seq', 'integer', column => column.primaryKey().autoIncrement())
        .addColumn('run_id', 'text', column => column.notNull())
        .addColumn('at', 'integer', column => column.notNull())
      for (const name of columns) made = made.addColumn(name, 'text', column => column.notNull())
      await made.execute()
      await db.schema.createIndex(`${table}_of`).on(table).columns(['run_id', 'seq']).execute()
    }
  },
  async down(db: Kysely<unknown>) {
    for (const table of ['risk_state', 'kill_events']) await db.schema.dropTable(table).execute()
  },
}
