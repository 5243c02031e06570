// Seventh schema: changes of strategy parameters, and the index by which the newest event of a kind is found in a long history.

import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const operator: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('parameter_changes')
      .addColumn('seq', 'integer', column => column.primaryKey().autoIncrement())
      .addColumn('at', 'integer', column => column.notNull())
      .addColumn('strategy_name', 'text', column => column.notNull())
      // In lower case: strategies are asked for in any.
      .addColumn('strategy_key', 'text', column => column.notNull())
      .addColumn('parameter_name', 'text', column => column.notNull())
      .addColumn('old_value', 'text', column => column.notNull())
      .addColumn('new_value', 'text', column => column.notNull())
      .addColumn('reason', 'text', column => column.notNull())
      .addColumn('outcome_pnl', 'real')
      .addColumn('was_correct', 'integer')
      .addColumn('market_snapshot_id', 'text')
      .execute()
    await db.schema
      .createIndex('parameter_changes_of')
      .on('parameter_changes')
      .columns(['strategy_key', 'seq'])
      .execute()
    await db.schema.createIndex('parameter_changes_at').on('parameter_changes').columns(['at', 'seq']).execute()
    await db.schema.createIndex('slot_events_of').on('slot_events').columns(['slot', 'event', 'seq']).execute()
  },
  async down(db: Kysely<unknown>) {
    await db.schema.dropIndex('slot_events_of').execute()
    await db.schema.dropTable('parameter_changes').execute()
  },
}
