// Third schema: indexes that answer lists and counts alone, without walking through the long texts of each row.

import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const lists: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createIndex('releases_listed')
      .on('releases')
      .columns(['channel', 'first_seen', 'digest', 'release_id', 'version', 'label', 'state'])
      .execute()
    await db.schema.createIndex('training_runs_counted').on('training_runs').columns(['run_id', 'status']).execute()
  },
  async down(db: Kysely<unknown>) {
    for (const name of ['releases_listed', 'training_runs_counted']) await db.schema.dropIndex(name).execute()
  },
}
