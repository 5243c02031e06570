// Opens the database and brings it to the newest schema; a schema from the future is refused (DB-04).

import { Kysely, sql } from 'kysely'
import { Fault } from '../../base/fault.ts'
import { systemClock } from '../system/clock.ts'
import { openSqlite } from './dialect.ts'
import { stepsTaken, takeSteps } from './migrate.ts'
import type { Tables } from './schema.ts'
import { sqliteFault } from './sqlite-fault.ts'
import { stepsOf } from './steps.ts'

export type Database = Kysely<Tables>

export type OpenOptions = {
  /** Whether a database with records is brought to a newer schema; one that has none yet always is. */
  readonly autoMigrate?: boolean | undefined
  /** Keeps a copy of the records before their schema is changed. */
  readonly keepCopy?: ((file: string) => Promise<unknown>) | undefined
}

/**
 * @param file path of the SQLite file, or `:memory:`
 * Faults: `DATABASE_UNREADABLE`, `SQLITE_TOO_OLD`, `SCHEMA_TOO_NEW`, `SCHEMA_BEHIND`, `MIGRATION_CHANGED`, `MIGRATION_FAILED`, those of `keepCopy`.
 */
export async function openDatabase(
  file: string,
  { autoMigrate = true, keepCopy }: OpenOptions = {},
): Promise<Database> {
  const { database, dialect } = openSqlite(file)
  try {
    const steps = await stepsOf()
    const taken = stepsTaken(database, steps, file)
    const missing = steps.filter(({ name }) => !taken.has(name)).map(({ name }) => name)
    if (taken.size > 0 && missing.length > 0) {
      if (!autoMigrate) {
        throw new Fault('SCHEMA_BEHIND', `the database has not taken ${missing.join(', ')}`, {
          place: file,
          fix: 'take them: ratchet db migrate, or set database.autoMigrate',
        })
      }
      await keepCopy?.(file)
    }
    takeSteps(database, steps, file, systemClock.now())
    const db = new Kysely<Tables>({ dialect })
    // It closes only what it has used.
    await sql`select 1`.execute(db)
    return db
  } catch (cause) {
    database.close()
    throw sqliteFault(cause, file)
  }
}
