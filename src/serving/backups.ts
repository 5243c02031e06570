// Named copies of the set that is about to be replaced, readable without any of our tools (SRV-65). Rolling back never needs them; what
// else the signature covers lies beside the models, so that a copy can be believed again when the store is lost.

import type { Disk } from '../base/disk.ts'
import { Fault } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { MANIFEST_CAP, modelRole } from '../release/limits.ts'
import type { VerifiedRelease } from '../release/release.ts'
import type { Installation } from './installation.ts'
import { pinOf } from './pins.ts'

const HALF = '.partial'
/** Where evidence and signatures of a copy lie. */
const DOCUMENTS = 'release'
const NAME = /^backup_\d{8}_\d{6}(?:-\d+)?$/

const stampOf = (ms: number): string => new Date(ms).toISOString().replace(/[-:]/g, '').replace('T', '_').slice(0, 15)

/** Above every number that this second has: one that was removed is not given again, or the newest would look the oldest. */
function freeName(base: string, taken: readonly string[]): string {
  const numbers = taken.flatMap(name => {
    if (name === base) return 1
    return name.startsWith(`${base}-`) ? Number.parseInt(name.slice(base.length + 1), 10) || 0 : []
  })
  return numbers.length === 0 ? base : `${base}-${Math.max(...numbers) + 1}`
}

/** The folders of a file below `top`, and `top` itself. */
function foldersOf(file: string, top: string): string[] {
  const folders: string[] = []
  for (let at = file.slice(0, file.lastIndexOf('/')); at.length >= top.length; at = at.slice(0, at.lastIndexOf('/'))) {
    folders.unshift(at)
  }
  return folders
}

async function writeSynced(disk: Disk, path: string, bytes: Uint8Array): Promise<void> {
  const file = await disk.create(path, 0o440)
  try {
    await file.write(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

function filesOf(release: VerifiedRelease, slot: string, stamp: string): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>([['manifest.json', release.manifestBytes]])
  files.set(`${DOCUMENTS}/envelope.json`, release.envelopeBytes)
  for (const [name, bytes] of release.members) {
    const role = modelRole(name)
    if (role !== undefined) files.set(`models/${slot}_${role}_${stamp}.onnx`, bytes)
    else files.set(name === 'parameters.json' ? name : `${DOCUMENTS}/${name}`, bytes)
  }
  const sums = [...files].map(([name, bytes]) => `${sha256(bytes)}  ${name}\n`).sort()
  return files.set('SHA256SUMS', new TextEncoder().encode(sums.join('')))
}

export type Backups = Pick<Installation, 'disk' | 'paths' | 'clock' | 'log' | 'slot' | 'backupsKept'>

/** Writes `backup_YYYYMMDD_HHMMSS/`, complete or not at all, and gives its name. */
export async function writeBackup(
  { disk, paths, clock, log, slot }: Backups,
  release: VerifiedRelease,
): Promise<string> {
  const stamp = stampOf(clock.now())
  const name = freeName(
    `backup_${stamp}`,
    (await disk.list(paths.backups)).map(entry => entry.name),
  )
  const half = `${paths.backups}/${name}${HALF}`
  await disk.remove(half)
  const files = filesOf(release, slot.name, stamp)
  const folders = new Set([...files.keys()].flatMap(file => foldersOf(`${half}/${file}`, half)))
  for (const folder of folders) await disk.makeDirectory(folder, 0o700)
  for (const [file, bytes] of files) await writeSynced(disk, `${half}/${file}`, bytes)
  // The deepest first: a name is safe once the folder that holds it is synced.
  for (const folder of [...folders].sort((a, b) => b.length - a.length)) await disk.syncDirectory(folder)
  await disk.rename(half, `${paths.backups}/${name}`)
  await disk.syncDirectory(paths.backups)
  log.write('info', 'model.backup', `Backup created: ${paths.backups}/${name}`)
  return name
}

// `-10` comes after `-9`: the number counts, not its text.
const order = (name: string): string => name.replace(/-(\d+)$/, (_, n: string) => `-${n.padStart(6, '0')}`)

/** Names of whole backups, oldest first. */
export async function backupNames({ disk, paths }: Pick<Backups, 'disk' | 'paths'>): Promise<string[]> {
  const names = (await disk.list(paths.backups)).map(({ name }) => name).filter(name => NAME.test(name))
  return names.sort((a, b) => (order(a) < order(b) ? -1 : 1))
}

/** The release that a backup is of, by the digest of its manifest; undefined where that cannot be read. */
export async function backedUpDigest(
  { disk, paths }: Pick<Backups, 'disk' | 'paths'>,
  name: string,
): Promise<string | undefined> {
  try {
    return sha256(await disk.read(`${paths.backups}/${name}/manifest.json`, MANIFEST_CAP))
  } catch (cause) {
    if (cause instanceof Fault) return undefined
    throw cause
  }
}

/** Removes half backups and all but the newest ones; a copy of a set that may yet be needed stays beyond its number. */
export async function pruneBackups(backups: Backups & Pick<Installation, 'registry'>): Promise<void> {
  const { disk, paths, slot, registry, backupsKept } = backups
  const whole = await backupNames(backups)
  const all = (await disk.list(paths.backups)).map(({ name }) => name)
  const needed = new Set([(await pinOf(registry, slot.name))?.digest, slot.current()?.digest, slot.previous()?.digest])
  const gone = all.filter(name => name.endsWith(HALF))
  for (const name of whole.slice(0, Math.max(0, whole.length - backupsKept))) {
    // Of several copies of a needed set the newest is enough.
    const digest = await backedUpDigest(backups, name)
    const later = whole.slice(whole.indexOf(name) + 1)
    const again = await Promise.all(later.map(other => backedUpDigest(backups, other)))
    if (digest === undefined || !needed.has(digest) || again.includes(digest)) gone.push(name)
  }
  for (const name of gone) await disk.remove(`${paths.backups}/${name}`)
  if (gone.length > 0) await disk.syncDirectory(paths.backups)
}
