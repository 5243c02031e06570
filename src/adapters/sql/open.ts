// Opens the database and brings it to the newest schema; a schema from the future is refused (DB-04).

import { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import { Fault } from '../../base/fault.ts'
import { openSqlite } from './dialect.ts'
import { spine } from './migrations/0001-spine.ts'
import { window } from './migrations/0002-window.ts'
import { lists } from './migrations/0003-lists.ts'
import { dataMarks } from './migrations/0004-data-marks.ts'
import { ledger } from './migrations/0005-ledger.ts'
import { lookups } from './migrations/0006-lookups.ts'
import { operator } from './migrations/0007-operator.ts'
import { idempotency } from './migrations/0008-idempotency.ts'
import type { Tables } from './schema.ts'

const MIGRATIONS = {
  '0001-spine': spine,
  '0002-window': window,
  '0003-lists': lists,
  '0004-data-marks': dataMarks,
  '0005-ledger': ledger,
  '0006-lookups': lookups,
  '0007-operator': operator,
  '0008-idempotency': idempotency,
}

export type Database = Kysely<Tables>

/**
 * @param file path of the SQLite file, or `:memory:`
 * Faults: `DATABASE_UNREADABLE`, `SQLITE_TOO_OLD`, `SCHEMA_TOO_NEW`, `MIGRATION_FAILED`.
 */
export async function openDatabase(file: string): Promise<Database> {
  const db = new Kysely<Tables>({ dialect: openSqlite(file).dialect })
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } })
  const { error } = await migrator.migrateToLatest()
  if (error === undefined) return db
  await db.destroy()
  const text = error instanceof Error ? error.message : 'unknown cause'
  if (/corrupted migrations/.test(text)) {
    throw new Fault('SCHEMA_TOO_NEW', `the database was written by a newer Ratchet (${text})`, {
      place: file,
      fix: 'run that version or newer',
    })
  }
  throw new Fault('MIGRATION_FAILED', `the database schema could not be brought up to date: ${text}`, {
    place: file,
    fix: 'check free disk space and permissions, then start again',
    cause: error,
  })
}
