// First schema: runs, data sets, trainings, releases and their history, decisions, orders, fills, outcomes.

import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

type Column = readonly [name: string, type: 'text' | 'integer' | 'real', null_?: 'null']
type Table = { readonly columns: readonly Column[]; readonly key: readonly string[]; readonly autoKey?: string }

const TABLES: Readonly<Record<string, Table>> = {
  config_snapshots: {
    columns: [
      ['snapshot_id', 'text'],
      ['body', 'text'],
    ],
    key: ['snapshot_id'],
  },
  runs: {
    columns: [
      ['run_id', 'text'],
      ['channel', 'text'],
      ['started_at', 'integer'],
      ['ended_at', 'integer', 'null'],
      ['state', 'text'],
      ['seed', 'text'],
      ['symbol', 'text'],
      ['data_hash', 'text'],
      ['config_snapshot', 'text'],
      ['summary', 'text', 'null'],
    ],
    key: ['run_id'],
  },
  data_sets: {
    columns: [
      ['hash', 'text'],
      ['symbol', 'text'],
      ['bar_ms', 'integer'],
      ['first_time', 'integer'],
      ['last_time', 'integer'],
      ['rows', 'integer'],
      ['provenance', 'text'],
      ['source', 'text'],
      ['file', 'text'],
      ['report', 'text'],
      ['created_at', 'integer'],
    ],
    key: ['hash', 'symbol'],
  },
  training_runs: {
    columns: [
      ['training_id', 'text'],
      ['run_id', 'text', 'null'],
      ['symbol', 'text'],
      ['as_of', 'integer'],
      ['status', 'text'],
      ['effective_rows', 'real', 'null'],
      ['rows', 'integer', 'null'],
      ['release_id', 'text', 'null'],
      ['channel', 'text', 'null'],
      ['version', 'integer', 'null'],
      ['manifest_sha256', 'text', 'null'],
      ['fault', 'text', 'null'],
      ['report', 'text'],
    ],
    key: ['training_id'],
  },
  artifacts: {
    columns: [
      ['sha256', 'text'],
      ['size', 'integer'],
      ['role', 'text', 'null'],
      ['media_type', 'text'],
    ],
    key: ['sha256'],
  },
  releases: {
    columns: [
      ['digest', 'text'],
      ['release_id', 'text'],
      ['channel', 'text'],
      ['version', 'integer'],
      ['label', 'text'],
      ['state', 'text'],
      ['manifest', 'text'],
      ['first_seen', 'integer'],
      ['evaluation', 'text'],
    ],
    key: ['digest'],
  },
  release_members: {
    columns: [
      ['digest', 'text'],
      ['name', 'text'],
      ['sha256', 'text'],
    ],
    key: ['digest', 'name'],
  },
  gate_results: {
    columns: [
      ['digest', 'text'],
      ['at', 'integer'],
      ['report_sha256', 'text'],
      ['report', 'text'],
      ['verdict', 'text'],
      ['decided_by', 'text', 'null'],
    ],
    key: [],
    autoKey: 'seq',
  },
  blocklist: {
    columns: [
      ['digest', 'text'],
      ['at', 'integer'],
      ['code', 'text'],
      ['reason', 'text'],
    ],
    key: ['digest'],
  },
  slot_events: {
    columns: [
      ['seq', 'integer'],
      ['at', 'integer'],
      ['slot', 'text'],
      ['event', 'text'],
      ['from_release', 'text', 'null'],
      ['to_release', 'text', 'null'],
      ['actor', 'text'],
      ['cause', 'text'],
      ['gate_report_sha256', 'text', 'null'],
      ['config_sha256', 'text'],
      ['code_version', 'text'],
      ['prev_hash', 'text'],
      ['hash', 'text'],
    ],
    key: ['seq'],
  },
  decisions: {
    columns: [
      ['run_id', 'text'],
      ['seq', 'integer'],
      ['decision_id', 'text'],
      ['at', 'integer'],
      ['symbol', 'text'],
      ['release_id', 'text'],
      ['feature_hash', 'text', 'null'],
      ['action', 'text'],
      ['confidence', 'real', 'null'],
      ['refusal', 'text', 'null'],
      ['explanation', 'text'],
    ],
    key: ['run_id', 'seq'],
  },
  orders: {
    columns: [
      ['run_id', 'text'],
      ['order_id', 'text'],
      ['decision_id', 'text'],
      ['symbol', 'text'],
      ['side', 'integer'],
      ['quantity', 'integer'],
      ['role', 'text'],
      ['type', 'text'],
      ['price', 'integer', 'null'],
      ['created_at', 'integer'],
      ['body', 'text'],
    ],
    key: ['run_id', 'order_id'],
  },
  fills: {
    columns: [
      ['run_id', 'text'],
      ['trade_id', 'text'],
      ['order_id', 'text'],
      ['decision_id', 'text'],
      ['symbol', 'text'],
      ['side', 'integer'],
      ['quantity', 'integer'],
      ['role', 'text'],
      ['price', 'integer'],
      ['slippage', 'integer'],
      ['commission_micros', 'integer'],
      ['at', 'integer'],
    ],
    key: ['run_id', 'trade_id'],
  },
  outcomes: {
    columns: [
      ['run_id', 'text'],
      ['decision_id', 'text'],
      ['release_id', 'text'],
      ['symbol', 'text'],
      ['strategy', 'text'],
      ['side', 'integer'],
      ['quantity', 'integer'],
      ['entry', 'integer'],
      ['exit', 'integer'],
      ['entry_time', 'integer'],
      ['exit_time', 'integer'],
      ['exit_reason', 'text'],
      ['gross_micros', 'integer'],
      ['costs_micros', 'integer'],
      ['net_micros', 'integer'],
      ['planned_loss_micros', 'integer'],
      ['r', 'real'],
      ['origin', 'text'],
      ['provenance', 'text'],
    ],
    key: ['run_id', 'decision_id', 'exit_time'],
  },
  equity_points: {
    columns: [
      ['run_id', 'text'],
      ['at', 'integer'],
      ['equity_micros', 'integer'],
    ],
    key: ['run_id', 'at'],
  },
}

export const spine: Migration = {
  async up(db: Kysely<unknown>) {
    for (const [name, { columns, key, autoKey }] of Object.entries(TABLES)) {
      let table = db.schema.createTable(name)
      if (autoKey !== undefined)
        table = table.addColumn(autoKey, 'integer', column => column.primaryKey().autoIncrement())
      for (const [column, type, nullable] of columns) {
        table = table.addColumn(column, type, made => (nullable === 'null' ? made : made.notNull()))
      }
      if (key.length > 0) table = table.addPrimaryKeyConstraint(`${name}_key`, [...key] as never)
      await table.execute()
    }
    await db.schema.createIndex('decisions_at').on('decisions').columns(['run_id', 'at']).execute()
    await db.schema.createIndex('slot_events_at').on('slot_events').columns(['slot', 'at']).execute()
  },
  async down(db: Kysely<unknown>) {
    for (const name of Object.keys(TABLES)) await db.schema.dropTable(name).execute()
  },
}
