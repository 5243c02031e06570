// Sixth schema: indexes by which the gate reports of one release and the newest events of a run are found without reading all others.

import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const lookups: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.createIndex('gate_results_of').on('gate_results').columns(['digest', 'seq']).execute()
    await db.schema.createIndex('events_told').on('events_outbox').columns(['run_id', 'topic', 'seq']).execute()
  },
  async down(db: Kysely<unknown>) {
    for (const name of ['gate_results_of', 'events_told']) await db.schema.dropIndex(name).execute()
  },
}
