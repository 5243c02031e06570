// Node's own SQLite behind Kysely: WAL, full durability, foreign keys, refused when older than the WAL fix (DB-01).

import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { SqliteDialect } from 'kysely'
import { Fault } from '../../base/fault.ts'

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

export type Connection = { readonly dialect: SqliteDialect; readonly database: DatabaseSync }

/** Kysely's view of an open database. */
export function dialectOf(database: DatabaseSync): SqliteDialect {
  return new SqliteDialect({
    database: {
      prepare(sql) {
        const statement = database.prepare(sql)
        return {
          reader: statement.columns().length > 0,
          all: parameters => statement.all(...bind(parameters)),
          run: parameters => statement.run(...bind(parameters)),
          iterate: parameters => statement.iterate(...bind(parameters)) as IterableIterator<unknown>,
        }
      },
      close: () => database.close(),
    },
  })
}

/** Opens or creates the database file; `:memory:` for tests. Faults: `SQLITE_TOO_OLD`, `DATABASE_UNREADABLE`. */
export function openSqlite(file: string): Connection {
  let database: DatabaseSync
  try {
    database = new DatabaseSync(file, { timeout: 5000, enableForeignKeyConstraints: true })
    database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA trusted_schema=OFF;')
  } catch (cause) {
    throw new Fault('DATABASE_UNREADABLE', `the database cannot be opened: ${String(cause)}`, {
      place: file,
      fix: 'check the path and its permissions, or restore a backup',
      cause,
    })
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
