// Node's own SQLite behind Kysely: WAL, full durability, foreign keys, refused when older than the WAL fix (DB-01).

import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { SqliteDialect } from 'kysely'
import { Fault } from '../../base/fault.ts'
import { onSqlite } from './sqlite-fault.ts'

/** First release without the WAL-reset bug. */
const OLDEST = [3, 51, 3]

export function isSupportedSqlite(version: string): boolean {
  const parts = version.split('.').map(Number)
  for (const [index, least] of OLDEST.entries()) {
    const part = parts[index] ?? 0
    if (part !== least) return part > least
  }
  return true
}

const bind = (parameters: readonly unknown[]) => parameters as SQLInputValue[]

const NOTHING_DONE = { changes: 0, lastInsertRowid: 0 }

export type Connection = { readonly dialect: SqliteDialect; readonly database: DatabaseSync }

/** Kysely's view of an open database. Faults of its file: those of `sqliteFault`. */
export function dialectOf(
  database: Pick<DatabaseSync, 'prepare' | 'location' | 'close' | 'isTransaction'>,
): SqliteDialect {
  const place = database.location() ?? ':memory:'
  return new SqliteDialect({
    database: {
      prepare(sql) {
        const statement = onSqlite(place, () => database.prepare(sql))
        // A full or failing disk has rolled back by itself: a second time would hide what it said.
        const isOver = sql === 'rollback' ? () => !database.isTransaction : () => false
        return {
          reader: statement.columns().length > 0,
          all: parameters => onSqlite(place, () => statement.all(...bind(parameters))),
          run: parameters => (isOver() ? NOTHING_DONE : onSqlite(place, () => statement.run(...bind(parameters)))),
          iterate: parameters => statement.iterate(...bind(parameters)) as IterableIterator<unknown>,
        }
      },
      close: () => database.close(),
    },
  })
}

/** Opens or creates the database file; `:memory:` for tests. Faults: `SQLITE_TOO_OLD` and those of `sqliteFault`. */
export function openSqlite(file: string): Connection {
  const database = onSqlite(file, () => new DatabaseSync(file, { timeout: 5000, enableForeignKeyConstraints: true }))
  try {
    onSqlite(file, () => database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA trusted_schema=OFF;'))
  } catch (cause) {
    database.close()
    throw cause
  }
  const version = String(database.prepare('select sqlite_version() as version').get()?.['version'])
  if (!isSupportedSqlite(version)) {
    database.close()
    throw new Fault('SQLITE_TOO_OLD', `SQLite ${version} can corrupt its write-ahead log`, {
      fix: 'run the pinned Node (./ratchet)',
    })
  }
  return { dialect: dialectOf(database), database }
}
