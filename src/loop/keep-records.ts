// What a loop that stays does for its records: a proven backup so often, a warning when the newest is too old, and old events forgotten (DB-08, DB-09).

import { Fault } from '../base/fault.ts'
import type { Ports, State } from './ports.ts'
import type { Settings } from './settings.ts'
import { backupFolder, createBackup, newestVerified } from './state-backup.ts'

const HOUR_MS = 60 * 60_000

export type RecordsToKeep = {
  readonly state: State
  readonly ports: Ports
  /** The run of the loop, whose events go by their age. */
  readonly runId?: string | undefined
}

/** @param verifiedAt of the newest proven backup, ms; undefined: there is none */
export const isBackupOld = (
  verifiedAt: number | undefined,
  nowMs: number,
  { backup: { everyHours } }: Pick<Settings, 'backup'>,
): boolean => everyHours !== null && nowMs - (verifiedAt ?? Number.NEGATIVE_INFINITY) > 2 * everyHours * HOUR_MS

/** Makes a backup where one is due. Faults: `BACKUP_OLD` where the newest is older than twice the time, and why none was made. */
export async function backUpWhenDue({ state, ports }: RecordsToKeep): Promise<void> {
  const { copies, settings, clock, log } = ports
  const { everyHours } = settings.backup
  if (copies === undefined || everyHours === null) return
  const place = { directory: state.directory, copies, ports }
  const newest = await newestVerified(backupFolder(place), ports)
  if (newest !== undefined && clock.now() - newest.at < everyHours * HOUR_MS) return
  try {
    const { id, verified } = await createBackup(place)
    log.write('info', 'backup.made', `Backup created: ${backupFolder(place)}/${id}`, { id, verified })
    if (verified) return
  } catch (cause) {
    if (newest === undefined || !isBackupOld(newest.at, clock.now(), settings)) throw cause
    const why = cause instanceof Error ? cause.message : String(cause)
    log.write('error', 'backup.failed', `no backup could be made: ${why}`)
  }
  if (newest === undefined || !isBackupOld(newest.at, clock.now(), settings)) return
  throw new Fault('BACKUP_OLD', `the newest proven backup is of ${new Date(newest.at).toISOString()}`, {
    place: backupFolder(place),
    fix: 'make one and see why none was made: ratchet backup create',
  })
}

export const forgetOldEvents = ({ state, ports, runId }: RecordsToKeep): Promise<number> =>
  state.runLog.prune(ports.clock.now(), runId)
