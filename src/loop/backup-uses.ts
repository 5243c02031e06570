// Named backups as a person uses them (SRV-65): which there are and whether they are whole, one taken elsewhere, and one put back in charge.

import { replaceFile } from '../base/disk.ts'
import { accepted, Fault, type Outcome, refused, unwrap } from '../base/fault.ts'
import { MODEL_CAP } from '../release/limits.ts'
import { backupNames } from '../serving/backups.ts'
import { bootSlot } from '../serving/boot.ts'
import { currentAfter, currentFile } from '../serving/current.ts'
import { eventOf, type Installation } from '../serving/installation.ts'
import { statePaths } from '../serving/paths.ts'
import { readBackup, restoreBackup } from '../serving/restore-backup.ts'
import { rollBack } from '../serving/rollback.ts'
import { modelSlot } from '../serving/slot.ts'
import { installationOf } from './installation-of.ts'
import { SLOT } from './model-catalogue.ts'
import { operateAlone } from './operate.ts'
import type { Ports, State } from './ports.ts'
import { runLockOf } from './run-lock.ts'
import { storedTrust } from './stored-trust.ts'

export type BackupRow = {
  readonly name: string
  /** Of the release it is of; absent where it cannot be read. */
  readonly label?: string
  readonly digest?: string
  /** Why it is not whole. */
  readonly problem?: { readonly code: string; readonly message: string; readonly place?: string | undefined }
}

const placeOf = (directory: string, { disk }: Pick<Ports, 'disk'>) => ({ disk, paths: statePaths(directory) })

/** Every backup, oldest first, each read and hashed again. */
export async function listBackups(directory: string, ports: Pick<Ports, 'disk'>): Promise<readonly BackupRow[]> {
  const place = placeOf(directory, ports)
  const rows: BackupRow[] = []
  for (const name of await backupNames(place)) {
    const read = await readBackup(name, place)
    if (read.ok) rows.push({ name, label: read.value.manifest.label, digest: read.value.manifestSha256 })
    else rows.push({ name, problem: { code: read.fault.code, message: read.fault.message, place: read.fault.place } })
  }
  return rows
}

/**
 * Copies a backup into a new folder, file by file, after all of it was hashed. Refusals: those of `readBackup`, `EXPORT_EXISTS`.
 *
 * @returns the files' paths in the folder
 */
export async function exportBackup(
  name: string,
  to: string,
  directory: string,
  ports: Pick<Ports, 'disk'>,
): Promise<Outcome<readonly string[]>> {
  const { disk } = ports
  const place = placeOf(directory, ports)
  const read = await readBackup(name, place)
  if (!read.ok) return read
  if ((await disk.stat(to)) !== undefined) {
    return refused('EXPORT_EXISTS', 'there is something already', { place: to, fix: 'name a folder that is not there' })
  }
  const root = `${place.paths.backups}/${name}`
  const files: string[] = []
  const walk = async (folder: string): Promise<void> => {
    for (const { name: entry, kind } of await disk.list(`${root}${folder}`)) {
      if (kind === 'directory') await walk(`${folder}/${entry}`)
      else files.push(`${folder}/${entry}`.slice(1))
    }
  }
  await walk('')
  for (const file of files) await replaceFile(disk, `${to}/${file}`, await disk.read(`${root}/${file}`, MODEL_CAP))
  return accepted(files.sort())
}

export type RestoreRequest = {
  readonly name: string
  readonly reason: string
  /** Without asking the gates, for when there is no time; the signature is asked of all the same. */
  readonly emergency: boolean
  readonly signal: AbortSignal
}

export type Restored = { readonly digest: string; readonly label: string; readonly done: string }

/**
 * Puts a backup's release back into the store and in charge: through all gates, or at once in an emergency.
 *
 * Refusals: those of `restoreBackup`, of `operateAlone` and of `rollBack`; `RELEASE_BLOCKED`. Fault `LOCK_BUSY` while a loop runs.
 */
export async function restoreInCharge(request: RestoreRequest, state: State, ports: Ports): Promise<Outcome<Restored>> {
  const { name, reason, emergency, signal } = request
  const installation = installationOf({ state, ports, slot: modelSlot(SLOT), clock: ports.clock, actor: 'cli' })
  const trust = await storedTrust(state.directory, ports)
  const lock = runLockOf(state.directory)
  const restored = await ports.withLock(lock, () => restoreBackup(name, installation, trust))
  if (!restored.ok) return restored
  const { digest, label } = restored.value
  const known = (await state.registry.releases()).some(row => row.digest === digest)
  if (!emergency && !known) {
    return refused('RELEASE_UNKNOWN', `the database knows no release ${label}, so no gate can be asked of it`, {
      place: name,
      fix: 'restore the database first, or put it in charge at once with --emergency',
    })
  }
  const done = emergency
    ? await ports.withLock(lock, () => atOnce(digest, reason, trust, installation))
    : await throughGates(digest, reason, state, ports, signal)
  return done.ok ? accepted({ digest, label, done: done.value }) : done
}

async function throughGates(
  digest: string,
  reason: string,
  state: State,
  ports: Ports,
  signal: AbortSignal,
): Promise<Outcome<string>> {
  const command = { type: 'promote', release: digest, reason } as const
  const promoted = await operateAlone({ command, signal }, state, ports)
  if (promoted.ok) return accepted(promoted.value.done)
  const { code } = promoted.fault
  return code === 'ALREADY_IN_CHARGE' ? accepted('its files are whole again; it is in charge already') : promoted
}

/** What `rollBack` does where something is in charge; where nothing is, CURRENT names it and the start loads it. */
async function atOnce(
  digest: string,
  reason: string,
  trust: Awaited<ReturnType<typeof storedTrust>>,
  installation: Installation,
): Promise<Outcome<string>> {
  const { disk, paths, slot, registry, lock } = installation
  const block = await registry.blockOf(digest)
  if (block !== undefined) return refused('RELEASE_BLOCKED', `it is blocked: ${block.reason}`, { place: digest })
  const booted = unwrap(await bootSlot(installation))
  await booted.healthy()
  if (slot.current()?.digest === digest) return accepted('its files are whole again; it is in charge')
  if (slot.current() !== undefined) {
    const back = await rollBack({ cause: reason, proven: false, to: digest, trust }, installation)
    return back.ok ? accepted('it is in charge, without having been asked by the gates') : back
  }
  const held = unwrap(await lock.acquire('restore'))
  try {
    const file = currentFile(disk, paths, slot.name)
    const before = await file.read()
    const next = currentAfter(before.ok ? before.value : undefined, slot.name, digest)
    await file.write({ ...next, prevDigest: null, canary: 'closed' })
    await registry.append(eventOf(installation, { event: 'recovered', from: null, to: digest, cause: reason }))
  } finally {
    await held.release()
  }
  const again = unwrap(await bootSlot(installation))
  await again.healthy()
  if (slot.current()?.digest === digest) return accepted('it is in charge, without having been asked by the gates')
  throw new Fault('BACKUP_UNFIT', `the start does not load it: ${again.notes.join('; ')}`, { place: digest })
}
