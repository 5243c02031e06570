// A connection that can only read, for whoever must answer while another thread writes (WAL: neither waits for the other).

import { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import { Fault } from '../../base/fault.ts'
import { dialectOf } from './dialect.ts'
import type { Database } from './open.ts'
import type { Tables } from './schema.ts'

/** What was asked, in words of ours: the verb and the table. */
export type AskedQuery = { readonly operation: string; readonly seconds: number }

const operationOf = (sql: string): string => {
  const [, verb = 'other'] = /^\s*(\w+)/.exec(sql) ?? []
  const [, table] = /\b(?:from|into|update)\s+"(\w+)"/.exec(sql) ?? []
  return table === undefined ? verb.toLowerCase() : `${verb.toLowerCase()} ${table}`
}

/**
 * Opens a database that was brought to the newest schema before. Fault: `DATABASE_UNREADABLE`.
 *
 * @example const db = openReader('.ratchet/ratchet.db')
 */
export function openReader(file: string, onQuery?: (query: AskedQuery) => void): Database {
  try {
    const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
    database.exec('PRAGMA trusted_schema=OFF; PRAGMA query_only=ON;')
    return new Kysely<Tables>({
      dialect: dialectOf(database),
      log: ({ query, queryDurationMillis }) =>
        onQuery?.({ operation: operationOf(query.sql), seconds: queryDurationMillis / 1000 }),
    })
  } catch (cause) {
    throw new Fault('DATABASE_UNREADABLE', `the database cannot be opened for reading: ${String(cause)}`, {
      place: file,
      fix: 'run ratchet up once, which makes it, or check the path and its permissions',
      cause,
    })
  }
}
