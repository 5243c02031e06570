// The file system as a port: few primitives, each durable only when synced, so that a crash can be replayed in tests.

export type DiskEntry = { readonly name: string; readonly kind: 'file' | 'directory' | 'other' }
export type DiskStat = {
  readonly kind: 'file' | 'directory' | 'other'
  readonly size: number
  readonly links: number
  readonly mode: number
}

export interface OpenFile {
  write(bytes: Uint8Array): Promise<void>
  /** fsync. After a failure the file must be discarded, never synced again and trusted. */
  sync(): Promise<void>
  /** Everything written so far, read back through this same descriptor. */
  readBack(): Promise<Uint8Array>
  close(): Promise<void>
}

/**
 * Links are never followed. Faults: `FILE_MISSING`, `FILE_EXISTS`, `FILE_TOO_LARGE`, `FILE_NOT_REGULAR`, `DISK_FULL`, `DISK_FORBIDDEN`
 * (read-only, or not ours to touch), `DISK_IO`.
 */
export interface Disk {
  /** The whole file; more than `limit` bytes is `FILE_TOO_LARGE`. */
  read(path: string, limit: number): Promise<Uint8Array>
  /** A new file for writing (create-exclusive). */
  create(path: string, mode?: number): Promise<OpenFile>
  rename(from: string, to: string): Promise<void>
  /** Removes a file, or a directory with all it holds; absent is fine. */
  remove(path: string): Promise<void>
  /** Makes a directory and its parents. */
  makeDirectory(path: string, mode?: number): Promise<void>
  syncDirectory(path: string): Promise<void>
  setMode(path: string, mode: number): Promise<void>
  /** Sorted by name; an absent directory is empty. */
  list(path: string): Promise<readonly DiskEntry[]>
  /** Undefined where nothing is. */
  stat(path: string): Promise<DiskStat | undefined>
}

const parentOf = (path: string): string => {
  const cut = path.lastIndexOf('/')
  return cut < 0 ? '.' : path.slice(0, cut) || '/'
}

/** Makes a directory and its parents so that they are still there after a power cut: the parent of each new one is synced. */
export async function ensureDirectory(disk: Disk, path: string, mode?: number): Promise<void> {
  const fresh: string[] = []
  for (let at = path; at !== '.' && at !== '/'; at = parentOf(at)) {
    if ((await disk.stat(at)) !== undefined) break
    fresh.push(at)
  }
  if (fresh.length === 0) return
  await disk.makeDirectory(path, mode)
  for (const made of fresh.reverse()) await disk.syncDirectory(parentOf(made))
}

/** Writes a file so that readers see the old or the new bytes, never a mixture: temp, fsync, rename, directory fsync. */
export async function replaceFile(disk: Disk, path: string, bytes: Uint8Array, mode = 0o644): Promise<void> {
  const directory = parentOf(path)
  const temporary = `${path}.tmp`
  await ensureDirectory(disk, directory)
  await disk.remove(temporary)
  const file = await disk.create(temporary, mode)
  try {
    await file.write(bytes)
    await file.sync()
  } catch (cause) {
    await file.close()
    await disk.remove(temporary)
    throw cause
  }
  await file.close()
  await disk.rename(temporary, path)
  await disk.syncDirectory(directory)
}
