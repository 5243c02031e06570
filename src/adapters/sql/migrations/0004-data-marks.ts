// Fourth schema: what people and checks said about data.

import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const dataMarks: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('data_marks')
      .addColumn('seq', 'integer', column => column.primaryKey().autoIncrement())
      .addColumn('at', 'integer', column => column.notNull())
      .addColumn('subject', 'text', column => column.notNull())
      .addColumn('mark', 'text', column => column.notNull())
      .addColumn('reason', 'text', column => column.notNull())
      .execute()
  },
  async down(db: Kysely<unknown>) {
    await db.schema.dropTable('data_marks').execute()
  },
}
