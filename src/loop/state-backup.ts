// Backups of what cannot be made again: the records of a state directory. One counts only after it was restored elsewhere and compared (DB-08).

import { z } from 'zod'
import { canonicalJson } from '../base/canonical-json.ts'
import type { DatabaseCopies, DatabaseFacts } from '../base/database-copies.ts'
import { ensureDirectory, replaceFile } from '../base/disk.ts'
import { Fault } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { statePaths } from '../serving/paths.ts'
import { SLOT } from './model-catalogue.ts'
import type { BuildFacts, Ports } from './ports.ts'
import { runLockOf } from './run-lock.ts'
import type { Settings } from './settings.ts'

const DATABASE = 'ratchet.db'
const CURRENT = 'CURRENT'
const MANIFEST = 'backup.json'
const SCRATCH = 'scratch.db'
const HALF = '.partial'
const ID = /^\d{8}_\d{6}$/
const SMALL_FILE = 1 << 20

const fileSchema = z.strictObject({ sha256: z.string(), size: z.number() })
const manifestSchema = z.strictObject({
  schema: z.literal('ratchet.backup/1'),
  /** When it was made, ms UTC. */
  at: z.number(),
  codeVersion: z.string(),
  /** It was restored elsewhere and compared (`backup.verify`). */
  verified: z.boolean().default(true),
  database: fileSchema.extend({ rows: z.record(z.string(), z.number()) }),
  /** What was in charge; null where nothing ever was. */
  current: fileSchema.nullable(),
})
export type BackupManifest = z.infer<typeof manifestSchema>

export type BackupPlace = {
  readonly directory: string
  readonly copies: DatabaseCopies
  readonly ports: Pick<Ports, 'disk' | 'clock' | 'withLock'> & {
    readonly settings: Pick<Settings, 'backup'>
    readonly facts: Pick<BuildFacts, 'codeVersion'>
  }
}

export const backupFolder = ({ directory, ports }: BackupPlace): string =>
  ports.settings.backup.dir ?? `${directory}/backups`

const stampOf = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '_')
const damaged = (sentence: string, place: string): Fault =>
  new Fault('BACKUP_DAMAGED', sentence, { place, fix: 'take another backup: ratchet backup list' })

async function smallFile(path: string, { disk }: Pick<Ports, 'disk'>): Promise<Uint8Array | undefined> {
  return (await disk.stat(path)) === undefined ? undefined : disk.read(path, SMALL_FILE)
}

/** Oldest first. */
export const backupIds = (place: BackupPlace): Promise<readonly string[]> => idsIn(backupFolder(place), place.ports)

async function idsIn(folder: string, { disk }: Pick<Ports, 'disk'>): Promise<readonly string[]> {
  return (await disk.list(folder)).map(({ name }) => name).filter(name => ID.test(name))
}

/** The newest that was proven when it was made; undefined where there is none. */
export async function newestVerified(
  folder: string,
  ports: Pick<Ports, 'disk'>,
): Promise<{ readonly id: string; readonly at: number } | undefined> {
  for (const id of (await idsIn(folder, ports)).toReversed()) {
    try {
      const { verified, at } = await manifestOf(`${folder}/${id}`, ports)
      if (verified) return { id, at }
    } catch (cause) {
      // A damaged one is none.
      if (!(cause instanceof Fault)) throw cause
    }
  }
  return undefined
}

async function manifestOf(folder: string, ports: Pick<Ports, 'disk'>): Promise<BackupManifest> {
  const bytes = await smallFile(`${folder}/${MANIFEST}`, ports)
  try {
    return manifestSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))
  } catch (cause) {
    throw damaged(`the list of its files cannot be read: ${cause instanceof Error ? cause.message : ''}`, folder)
  }
}

/** Restores it into a scratch file and compares. Fault: `BACKUP_DAMAGED`. */
async function proven(folder: string, place: BackupPlace): Promise<BackupManifest> {
  const { copies, ports } = place
  const manifest = await manifestOf(folder, ports)
  const scratch = `${folder}/${SCRATCH}`
  await ports.disk.remove(scratch)
  try {
    const kept = await copies.inspect(`${folder}/${DATABASE}`)
    if (kept.sha256 !== manifest.database.sha256) throw damaged('the database is not the one that was copied', folder)
    await copies.copy(`${folder}/${DATABASE}`, scratch)
    const restored: DatabaseFacts = await copies.inspect(scratch)
    if (restored.damage !== undefined) throw damaged(`the restored database is damaged: ${restored.damage}`, folder)
    if (canonicalJson(restored.rows) !== canonicalJson(manifest.database.rows)) {
      throw damaged('the restored database has other rows than the one that was copied', folder)
    }
  } finally {
    await ports.disk.remove(scratch)
  }
  const current = await smallFile(`${folder}/${CURRENT}`, ports)
  if ((current === undefined ? null : sha256(current)) !== (manifest.current?.sha256 ?? null)) {
    throw damaged('what was in charge is not what was copied', folder)
  }
  return manifest
}

/** Fault: `BACKUP_UNKNOWN`, `BACKUP_DAMAGED`. */
export async function verifyBackup(id: string, place: BackupPlace): Promise<BackupManifest> {
  const folder = `${backupFolder(place)}/${id}`
  if (!ID.test(id) || (await place.ports.disk.stat(folder)) === undefined) {
    throw new Fault('BACKUP_UNKNOWN', `there is no backup ${id}`, { fix: 'see which there are: ratchet backup list' })
  }
  return proven(folder, place)
}

/**
 * Copies the records while a loop may be writing them. Keys are left out: a copy of them would be one more place to steal them from.
 * Faults: `BACKUP_NOTHING` without records, `BACKUP_FAILED`, `BACKUP_DAMAGED`; then nothing counts as a backup.
 */
export async function createBackup(place: BackupPlace): Promise<{ readonly id: string } & BackupManifest> {
  const { directory, copies, ports } = place
  const { disk, clock, facts, settings } = ports
  const source = `${directory}/${DATABASE}`
  if ((await disk.stat(source)) === undefined) {
    throw new Fault('BACKUP_NOTHING', 'there are no records to copy yet', {
      place: source,
      fix: 'run something first: ratchet up',
    })
  }
  const at = clock.now()
  const root = backupFolder(place)
  let id = stampOf(at)
  for (let later = at; (await disk.stat(`${root}/${id}`)) !== undefined; ) id = stampOf((later += 1000))
  const folder = `${root}/${id}${HALF}`
  await disk.remove(folder)
  await ensureDirectory(disk, folder, 0o700)
  await copies.copy(source, `${folder}/${DATABASE}`)
  const { sha256: digest, size, rows, damage } = await copies.inspect(`${folder}/${DATABASE}`)
  if (damage !== undefined) throw damaged(`the database itself is damaged: ${damage}`, source)
  const current = await smallFile(statePaths(directory).current(SLOT), ports)
  if (current !== undefined) await replaceFile(disk, `${folder}/${CURRENT}`, current, 0o600)
  const manifest: BackupManifest = {
    schema: 'ratchet.backup/1',
    at,
    codeVersion: facts.codeVersion,
    verified: settings.backup.verify,
    database: { sha256: digest, size, rows },
    current: current === undefined ? null : { sha256: sha256(current), size: current.length },
  }
  await replaceFile(disk, `${folder}/${MANIFEST}`, new TextEncoder().encode(canonicalJson(manifest)), 0o600)
  if (settings.backup.verify) await proven(folder, place)
  await disk.rename(folder, `${root}/${id}`)
  await disk.syncDirectory(root)
  const ids = await backupIds(place)
  for (const old of ids.slice(0, Math.max(0, ids.length - settings.backup.keep))) await disk.remove(`${root}/${old}`)
  return { id, ...manifest }
}

/**
 * Puts the records of a backup in place; what is there is moved aside and kept. Faults: those of `verifyBackup`, `STATE_OCCUPIED` without
 * `force` where there are records, `LOCK_BUSY` while a loop runs.
 *
 * @returns where the replaced records lie; undefined where there were none
 */
export async function restoreBackup(
  id: string,
  force: boolean,
  place: BackupPlace,
): Promise<{ readonly replaced: string | undefined } & BackupManifest> {
  const { directory, copies, ports } = place
  const { disk, clock, withLock } = ports
  const manifest = await verifyBackup(id, place)
  const target = `${directory}/${DATABASE}`
  const occupied = (await disk.stat(target)) !== undefined
  if (occupied && !force) {
    throw new Fault('STATE_OCCUPIED', 'there are records already', {
      place: target,
      fix: 'add --force; what is there is kept aside',
    })
  }
  const folder = `${backupFolder(place)}/${id}`
  const current = statePaths(directory).current(SLOT)
  const aside = `${backupFolder(place)}/replaced-${stampOf(clock.now())}`
  return withLock(runLockOf(directory), async () => {
    const fresh = `${target}.restored`
    await disk.remove(fresh)
    await copies.copy(`${folder}/${DATABASE}`, fresh)
    const pointer = await smallFile(`${folder}/${CURRENT}`, ports)
    if (occupied) {
      await ensureDirectory(disk, aside, 0o700)
      const before = await smallFile(current, ports)
      if (before !== undefined) await replaceFile(disk, `${aside}/${CURRENT}`, before, 0o600)
      // The write-ahead log belongs to its file: beside another one it would be poison.
      for (const part of ['', '-wal', '-shm']) {
        if ((await disk.stat(`${target}${part}`)) !== undefined) {
          await disk.rename(`${target}${part}`, `${aside}/${DATABASE}${part}`)
        }
      }
    }
    await disk.rename(fresh, target)
    await disk.syncDirectory(directory)
    if (pointer !== undefined) await replaceFile(disk, current, pointer)
    return { replaced: occupied ? aside : undefined, ...manifest }
  })
}
