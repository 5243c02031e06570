// Named copies of the set that is about to be replaced, readable without any of our tools (SRV-65). Rolling back never needs them.

import type { Disk } from '../base/disk.ts'
import { sha256 } from '../base/hash.ts'
import { modelRole } from '../release/limits.ts'
import type { VerifiedRelease } from '../release/release.ts'
import type { Installation } from './installation.ts'

const HALF = '.partial'
const NAME = /^backup_\d{8}_\d{6}(?:-\d+)?$/

const stampOf = (ms: number): string => new Date(ms).toISOString().replace(/[-:]/g, '').replace('T', '_').slice(0, 15)

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
  const parameters = release.members.get('parameters.json')
  if (parameters !== undefined) files.set('parameters.json', parameters)
  for (const [name, bytes] of release.members) {
    const role = modelRole(name)
    if (role !== undefined) files.set(`models/${slot}_${role}_${stamp}.onnx`, bytes)
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
  const taken = new Set((await disk.list(paths.backups)).map(({ name }) => name))
  let name = `backup_${stamp}`
  for (let n = 2; taken.has(name); n++) name = `backup_${stamp}-${n}`
  const half = `${paths.backups}/${name}${HALF}`
  await disk.remove(half)
  await disk.makeDirectory(`${half}/models`, 0o700)
  for (const [file, bytes] of filesOf(release, slot.name, stamp)) await writeSynced(disk, `${half}/${file}`, bytes)
  await disk.syncDirectory(`${half}/models`)
  await disk.syncDirectory(half)
  await disk.rename(half, `${paths.backups}/${name}`)
  await disk.syncDirectory(paths.backups)
  log.write('info', 'model.backup', `Backup created: ${paths.backups}/${name}`)
  return name
}

/** Removes half backups and all but the newest ones. */
export async function pruneBackups({ disk, paths, backupsKept }: Backups): Promise<void> {
  const names = (await disk.list(paths.backups)).map(({ name }) => name)
  // `-10` comes after `-9`: the number counts, not its text.
  const order = (name: string): string => name.replace(/-(\d+)$/, (_, n: string) => `-${n.padStart(6, '0')}`)
  const whole = names.filter(name => NAME.test(name)).sort((a, b) => (order(a) < order(b) ? -1 : 1))
  const gone = [
    ...names.filter(name => name.endsWith(HALF)),
    ...whole.slice(0, Math.max(0, whole.length - backupsKept)),
  ]
  for (const name of gone) await disk.remove(`${paths.backups}/${name}`)
  if (gone.length > 0) await disk.syncDirectory(paths.backups)
}
