// Another schema for the records of a state directory, by hand: a proven backup first, and nobody else at work meanwhile (DB-04).

import type { DatabaseSchema } from '../base/database-schema.ts'
import { ensureDirectory } from '../base/disk.ts'
import { runLockOf } from './run-lock.ts'
import { type BackupPlace, createBackup } from './state-backup.ts'

export type SchemaPlace = BackupPlace & { readonly schema: DatabaseSchema }

export type SchemaChange = {
  /** Steps in the order in which they were taken, or taken back. */
  readonly steps: readonly string[]
  /** Made before; null where there was nothing to copy. */
  readonly backup: string | null
}

export const databaseFile = ({ directory }: Pick<SchemaPlace, 'directory'>): string => `${directory}/ratchet.db`

async function changed(place: SchemaPlace, change: () => Promise<readonly string[]>): Promise<SchemaChange> {
  const { directory, ports } = place
  await ensureDirectory(ports.disk, directory, 0o700)
  return ports.withLock(runLockOf(directory), async () => {
    const there = (await ports.disk.stat(databaseFile(place))) !== undefined
    const backup = there ? (await createBackup(place)).id : null
    return { steps: await change(), backup }
  })
}

/** Faults: `LOCK_BUSY` while a loop runs, those of the backup and of `DatabaseSchema.migrate`. */
export async function migrateSchema(place: SchemaPlace): Promise<SchemaChange> {
  const all = await place.schema.status(databaseFile(place))
  if (all.every(({ takenAt }) => takenAt !== undefined)) return { steps: [], backup: null }
  return changed(place, () => place.schema.migrate(databaseFile(place)))
}

/** @param to number of the last step that stays. Faults: as of `migrateSchema` */
export const rollbackSchema = (to: number, place: SchemaPlace): Promise<SchemaChange> =>
  changed(place, () => place.schema.rollback(databaseFile(place), to))
