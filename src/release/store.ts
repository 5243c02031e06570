// The content-addressed store: bytes filed under their own digest, one copy each, never changed (REL-49).
// Putting is two steps, so that an install can stage everything before anything appears.

import { type Disk, type DiskEntry, ensureDirectory } from '../base/disk.ts'
import { Fault } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'

/** Bytes on disk and synced, not yet in the store. */
export type StagedBlob = { readonly path: string; readonly sha256: string; readonly size: number }

export interface Store {
  /**
   * Writes and fsyncs a new file in a staging directory and re-hashes it through the same descriptor.
   * An error discards the file: it is not synced again and believed (SRV-02).
   */
  stage(directory: string, bytes: Uint8Array): Promise<StagedBlob>
  /** Files it: 0440, rename, directory fsync. A sound copy that is already there stays, a broken one is replaced. */
  promote(staged: StagedBlob): Promise<void>
  /** The bytes, re-hashed. Faults: `CAS_MISSING`, `CAS_CORRUPT` (other bytes, more than one hard link, no plain file). */
  get(digest: string, limit: number): Promise<Uint8Array>
  has(digest: string): Promise<boolean>
  /** Digests of all that is filed, sorted; not re-hashed. */
  list(): Promise<readonly string[]>
  /** Removes all but these; gives the digests that went. */
  collect(keep: ReadonlySet<string>): Promise<readonly string[]>
}

const DIGEST = /^[0-9a-f]{64}$/

/** @example contentStore(disk, 'store/cas') */
export function contentStore(disk: Disk, root: string): Store {
  const folderOf = (digest: string) => `${root}/${digest.slice(0, 2)}`
  const pathOf = (digest: string) => {
    if (!DIGEST.test(digest)) throw new RangeError(`not a digest: ${digest.slice(0, 80)}`)
    return `${folderOf(digest)}/${digest}`
  }

  async function get(digest: string, limit: number): Promise<Uint8Array> {
    const path = pathOf(digest)
    const stat = await disk.stat(path)
    if (stat === undefined) throw new Fault('CAS_MISSING', 'the store does not hold it', { place: path })
    if (stat.kind !== 'file') throw new Fault('CAS_CORRUPT', 'is no plain file', { place: path })
    if (stat.links > 1) {
      throw new Fault('CAS_CORRUPT', `has ${stat.links} names, so others can change it`, { place: path })
    }
    const bytes = await disk.read(path, limit)
    if (sha256(bytes) !== digest) {
      throw new Fault('CAS_CORRUPT', 'its bytes are not those it is named after', {
        place: path,
        fix: 'the release is fetched again at the next sync; check the disk',
      })
    }
    return bytes
  }

  async function isSound({ sha256: digest, size }: StagedBlob): Promise<boolean> {
    try {
      await get(digest, size)
      return true
    } catch (cause) {
      if (cause instanceof Fault && ['CAS_MISSING', 'CAS_CORRUPT', 'FILE_TOO_LARGE'].includes(cause.code)) return false
      throw cause
    }
  }

  async function list(): Promise<readonly string[]> {
    const folders = (await disk.list(root)).filter(isFolder)
    const inside = await Promise.all(folders.map(({ name }) => disk.list(`${root}/${name}`)))
    return inside
      .flat()
      .map(({ name }) => name)
      .filter(name => DIGEST.test(name))
      .sort()
  }

  return {
    async stage(directory, bytes) {
      const digest = sha256(bytes)
      const path = `${directory}/${digest}`
      await disk.remove(path)
      const file = await disk.create(path, 0o600)
      try {
        await file.write(bytes)
        await file.sync()
        const written = sha256(await file.readBack())
        if (written !== digest) throw new Fault('DISK_IO', 'the disk gave back other bytes', { place: path })
      } catch (cause) {
        await file.close()
        await disk.remove(path)
        throw cause
      }
      await file.close()
      return { path, sha256: digest, size: bytes.length }
    },
    async promote(staged) {
      const folder = folderOf(staged.sha256)
      await ensureDirectory(disk, folder)
      if (await isSound(staged)) {
        await disk.remove(staged.path)
      } else {
        await disk.setMode(staged.path, 0o440)
        await disk.rename(staged.path, pathOf(staged.sha256))
      }
      await disk.syncDirectory(folder)
    },
    get,
    has: async digest => (await disk.stat(pathOf(digest)))?.kind === 'file',
    list,
    async collect(keep) {
      const gone = (await list()).filter(digest => !keep.has(digest))
      for (const digest of gone) await disk.remove(pathOf(digest))
      for (const folder of new Set(gone.map(folderOf))) await disk.syncDirectory(folder)
      return gone
    },
  }
}

const isFolder = ({ name, kind }: DiskEntry): boolean => kind === 'directory' && /^[0-9a-f]{2}$/.test(name)
