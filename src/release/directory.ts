// A release as a directory of files: written whole or not at all, read with the caps of REL-01.

import { type Disk, type DiskEntry, ensureDirectory } from '../base/disk.ts'
import { Fault } from '../base/fault.ts'
import { UNLISTED } from './layout.ts'
import { BOTS_CAP, memberCap } from './limits.ts'
import type { ReleaseReader } from './reader.ts'
import type { ReleaseMembers } from './release.ts'
import { isMacName } from './side-macs.ts'

/** Most files that a directory is searched for; a release holds far fewer. */
const FILES_CAP = 256 + UNLISTED.length
const DEPTH_CAP = 2
const MACS_FOLDER = 'macs'

const allowed = (name: string): boolean =>
  (UNLISTED as readonly string[]).includes(name) || isMacName(name) || memberCap(name) !== undefined

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))

/**
 * Writes the files of a built release beside `path`, syncs them and renames the directory into place.
 * Faults: `RELEASE_EXISTS`, `RELEASE_EXTRA_FILE` for a name that no release holds, and those of the disk.
 *
 * @example await writeReleaseDirectory(disk, `out/${built.manifest.label}`, built.files)
 */
export async function writeReleaseDirectory(disk: Disk, path: string, files: ReleaseMembers): Promise<void> {
  const stray = [...files.keys()].find(name => !allowed(name))
  if (stray !== undefined) throw new Fault('RELEASE_EXTRA_FILE', 'no release holds such a file', { place: stray })
  if ((await disk.stat(path)) !== undefined) {
    throw new Fault('RELEASE_EXISTS', 'there is something already', { place: path, fix: 'choose another directory' })
  }
  const staging = `${path}.partial`
  await disk.remove(staging)
  await ensureDirectory(disk, staging)
  try {
    await writeFiles(disk, staging, files)
  } catch (cause) {
    await disk.remove(staging)
    throw cause
  }
  await disk.rename(staging, path)
  await disk.syncDirectory(parentOf(path) || '.')
}

async function writeFiles(disk: Disk, staging: string, files: ReleaseMembers): Promise<void> {
  const folders = new Set([...files.keys()].map(name => `${staging}/${name}`).map(parentOf))
  for (const folder of folders) await ensureDirectory(disk, folder)
  for (const [name, bytes] of files) {
    const file = await disk.create(`${staging}/${name}`, 0o644)
    try {
      await file.write(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
  }
  for (const folder of new Set([...folders, staging])) await disk.syncDirectory(folder)
}

/** The files of a release directory, for `verifyRelease`. Links and other oddities are listed, so that they are refused. */
export function directoryReader(disk: Disk, path: string): ReleaseReader {
  return {
    list: async () => (await filesBelow(disk, path, '', 0)).sort(),
    read: async (name, limit) => disk.read(`${path}/${checkedName(name)}`, limit),
  }
}

function checkedName(name: string): string {
  if (allowed(name)) return name
  throw new Fault('FILE_MISSING', 'no release holds such a file', { place: name })
}

async function filesBelow(disk: Disk, root: string, folder: string, depth: number): Promise<string[]> {
  const entries = await disk.list(folder === '' ? root : `${root}/${folder}`)
  const names: string[] = []
  const nameOf = ({ name }: DiskEntry) => (folder === '' ? name : `${folder}/${name}`)
  // The signatures of bots have a limit of their own, so that many bots leave no room for strays.
  const cap = folder === MACS_FOLDER ? BOTS_CAP : FILES_CAP
  let searched = 0
  for (const entry of entries) {
    const name = nameOf(entry)
    const opened = entry.kind === 'directory' && depth < DEPTH_CAP
    const found = opened ? await filesBelow(disk, root, name, depth + 1) : [name]
    names.push(...found)
    searched += name === MACS_FOLDER ? 1 : found.length
    if (searched > cap) throw new Fault('RELEASE_EXTRA_FILE', `more than ${cap} files`, { place: root })
  }
  return names
}
