// The database of a state directory, without the stores that a bot does not need.

import { nodeDisk } from '../adapters/files/disk.ts'
import { withFileLock } from '../adapters/files/lock.ts'
import { sqliteCopies } from '../adapters/sql/copies.ts'
import { type Database, openDatabase } from '../adapters/sql/open.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { Fault } from '../base/fault.ts'
import { type Settings, settingsSchema } from '../loop/settings.ts'
import { createBackup } from '../loop/state-backup.ts'

export type DatabaseCare = {
  readonly settings: Pick<Settings, 'backup' | 'database'>
  /** Of the program; stands in the backup that is made before a step of the schema. */
  readonly codeVersion: string
}

const USUAL: DatabaseCare = { settings: settingsSchema.parse({}), codeVersion: 'unknown' }

const BACKUP = /^\d{8}_\d{6}$/

/** A damaged database names the backup to go back to: each one in the folder was proven when it was made (DB-08). */
export async function namingBackup(fault: Fault, directory: string): Promise<Fault> {
  const { code, message, place = directory, cause } = fault
  const entries = await nodeDisk().list(`${directory}/backups`)
  const newest = entries.filter(({ name }) => BACKUP.test(name)).at(-1)?.name
  const fix =
    newest === undefined
      ? 'no backup lies in this directory: restore one from elsewhere (ratchet backup list), or move the file aside'
      : `restore the newest backup: ratchet backup restore ${newest} --force`
  return new Fault(code, message, { place, fix, cause })
}

/**
 * Opens `ratchet.db` of a directory, which is made where it is missing; only its owner may enter. A step of the schema is preceded by a
 * proven backup. Faults: those of `openDatabase` and of the backup; `DATABASE_CORRUPT` names the newest backup.
 */
export async function openStateDatabase(
  directory: string,
  { settings, codeVersion }: DatabaseCare = USUAL,
): Promise<Database> {
  const disk = nodeDisk()
  await disk.makeDirectory(directory, 0o700)
  const ports = { disk, clock: systemClock, withLock: withFileLock, settings, facts: { codeVersion } }
  try {
    return await openDatabase(`${directory}/ratchet.db`, {
      autoMigrate: settings.database.autoMigrate,
      keepCopy: () => createBackup({ directory, copies: sqliteCopies, ports }),
    })
  } catch (cause) {
    throw cause instanceof Fault && cause.code === 'DATABASE_CORRUPT' ? await namingBackup(cause, directory) : cause
  }
}
