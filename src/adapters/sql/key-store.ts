// Idempotency keys on SQL, on a connection of their own that waits for other writers without holding up its thread.

import { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import type { Clock } from '../../base/clock.ts'
import { Fault } from '../../base/fault.ts'
import type { KeyStore } from '../../base/resilience/key-store.ts'
import type { Timer } from '../../base/timer.ts'
import { dialectOf } from './dialect.ts'
import type { Database } from './open.ts'
import type { Tables } from './schema.ts'
import { onSqlite } from './sqlite-fault.ts'

const RETRY_MS = 20

export type KeyStoreOptions = {
  /** A database that was brought to the newest schema before. */
  readonly file: string
  readonly clock: Clock
  readonly timer: Timer
  /** How long others that write are waited for. */
  readonly patienceMs?: number
}

const isBusy = (cause: unknown): boolean => cause instanceof Fault && cause.code === 'DATABASE_BUSY'

/** Opened with the first key: whoever only reads never needs to write. */
export function sqlKeyStore(options: KeyStoreOptions): KeyStore & { close(): Promise<void> } {
  const { file, clock, timer, patienceMs = 5000 } = options
  let opened: Database | undefined
  const database = (): Database => {
    if (opened !== undefined) return opened
    const own = onSqlite(file, () => {
      // Waiting inside SQLite would stop the whole thread, the kill switch included.
      const made = new DatabaseSync(file, { timeout: 0 })
      made.exec('PRAGMA synchronous=FULL; PRAGMA trusted_schema=OFF;')
      return made
    })
    opened = new Kysely<Tables>({ dialect: dialectOf(own) })
    return opened
  }
  const patiently = async <T>(work: (db: Database) => Promise<T>): Promise<T> => {
    const until = clock.now() + patienceMs
    for (;;) {
      try {
        return await work(database())
      } catch (cause) {
        if (!isBusy(cause) || clock.now() >= until) throw cause
        await timer.sleep(RETRY_MS)
      }
    }
  }

  return {
    take: (key, request, at, oldest) =>
      patiently(async db => {
        await db.deleteFrom('idempotency_keys').where('at', '<', oldest).execute()
        const row = { key_sha256: key, request_sha256: request, at, answer: null }
        const { numInsertedOrUpdatedRows } = await db
          .insertInto('idempotency_keys')
          .values(row)
          .onConflict(conflict => conflict.doNothing())
          .executeTakeFirst()
        if (numInsertedOrUpdatedRows === 1n) return undefined
        const known = await db
          .selectFrom('idempotency_keys')
          .select(['request_sha256 as request', 'answer'])
          .where('key_sha256', '=', key)
          .executeTakeFirstOrThrow()
        return { ...known }
      }),
    answered: (key, answer) =>
      patiently(async db => {
        await db.updateTable('idempotency_keys').set({ answer }).where('key_sha256', '=', key).execute()
      }),
    release: key =>
      patiently(async db => {
        await db.deleteFrom('idempotency_keys').where('key_sha256', '=', key).execute()
      }),
    close: async () => opened?.destroy(),
  }
}
