// Second schema: what a run tells the world, how far it is durable, and what it needs to go on where it stopped.

import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

type Column = readonly [table: string, name: string, type: 'text' | 'integer' | 'real']

/** Null in rows from before. */
const COLUMNS: readonly Column[] = [
  ['runs', 'facts', 'text'],
  ['runs', 'bars_done', 'integer'],
  ['runs', 'progress_hash', 'text'],
  ['training_runs', 'number', 'integer'],
  ['training_runs', 'duration_ms', 'integer'],
  ['training_runs', 'curves', 'text'],
  ['equity_points', 'hold_micros', 'integer'],
  ['equity_points', 'previous_micros', 'integer'],
]

export const window: Migration = {
  async up(db: Kysely<unknown>) {
    for (const [table, name, type] of COLUMNS) await db.schema.alterTable(table).addColumn(name, type).execute()
    await db.schema
      .createTable('events_outbox')
      .addColumn('seq', 'integer', column => column.primaryKey().autoIncrement())
      .addColumn('run_id', 'text', column => column.notNull())
      .addColumn('topic', 'text', column => column.notNull())
      .addColumn('at', 'integer', column => column.notNull())
      .addColumn('body', 'text', column => column.notNull())
      .execute()
    await db.schema
      .createTable('run_inputs')
      .addColumn('run_id', 'text', column => column.notNull())
      .addColumn('seq', 'integer', column => column.notNull())
      .addColumn('bar', 'integer', column => column.notNull())
      .addColumn('body', 'text', column => column.notNull())
      .addPrimaryKeyConstraint('run_inputs_key', ['run_id', 'seq'])
      .execute()
    await db.schema
      .createTable('cycles')
      .addColumn('run_id', 'text', column => column.notNull())
      .addColumn('cycle', 'integer', column => column.notNull())
      .addColumn('bar', 'integer', column => column.notNull())
      .addColumn('body', 'text', column => column.notNull())
      .addPrimaryKeyConstraint('cycles_key', ['run_id', 'cycle'])
      .execute()
    await db.schema.createIndex('outcomes_exit').on('outcomes').columns(['run_id', 'exit_time']).execute()
  },
  async down(db: Kysely<unknown>) {
    await db.schema.dropIndex('outcomes_exit').execute()
    for (const table of ['events_outbox', 'run_inputs', 'cycles']) await db.schema.dropTable(table).execute()
    for (const [table, name] of COLUMNS) await db.schema.alterTable(table).dropColumn(name).execute()
  },
}
