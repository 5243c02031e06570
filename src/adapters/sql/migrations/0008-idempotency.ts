// Eighth schema: keys under which requests were made, and what was answered, so that a restart does not do them twice (API-03).

import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const idempotency: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('idempotency_keys')
      .addColumn('key_sha256', 'text', column => column.primaryKey())
      .addColumn('request_sha256', 'text', column => column.notNull())
      .addColumn('at', 'integer', column => column.notNull())
      .addColumn('answer', 'text')
      .execute()
    await db.schema.createIndex('idempotency_keys_by_age').on('idempotency_keys').column('at').execute()
  },
  async down(db: Kysely<unknown>) {
    await db.schema.dropTable('idempotency_keys').execute()
  },
}
