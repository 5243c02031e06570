// The registry of a bot: where its database is damaged or cannot be opened, the bot goes on without (DB-10).

import { sql } from 'kysely'
import type { Database } from '../adapters/sql/open.ts'
import { sqlRegistry } from '../adapters/sql/registry.ts'
import { Fault } from '../base/fault.ts'
import type { Installation } from '../serving/installation.ts'
import type { Registry } from '../serving/registry.ts'
import { isUnrecordable, unrecorded } from '../serving/unrecorded.ts'
import { namingBackup, openStateDatabase } from './state-database.ts'

export type StateRegistry = {
  readonly registry: Registry
  /** What takes the place of parts of the installation; empty where the records are whole. */
  readonly instead: Partial<Pick<Installation, 'registry' | 'lock'>>
  close(): Promise<void>
}

/** Reads every page: one that is damaged is otherwise met at some later moment. */
async function checkPages(db: Database, directory: string): Promise<void> {
  const { rows } = await sql<{ quick_check: string }>`pragma quick_check(1)`.execute(db)
  const [first] = rows
  if (first === undefined || first.quick_check === 'ok') return
  const place = `${directory}/ratchet.db`
  const fault = new Fault('DATABASE_CORRUPT', `the database is damaged: ${first.quick_check}`, { place })
  throw await namingBackup(fault, directory)
}

/** Faults: those of `openStateDatabase` that are not about the place, as `SCHEMA_TOO_NEW`. */
export async function openStateRegistry(directory: string): Promise<StateRegistry> {
  let db: Database | undefined
  try {
    db = await openStateDatabase(directory)
    await checkPages(db, directory)
    const opened = db
    return { registry: sqlRegistry(opened), instead: {}, close: () => opened.destroy() }
  } catch (cause) {
    await db?.destroy()
    if (!(cause instanceof Fault && isUnrecordable(cause))) throw cause
    const instead = unrecorded(cause)
    return { registry: instead.registry, instead, close: () => Promise.resolve() }
  }
}
