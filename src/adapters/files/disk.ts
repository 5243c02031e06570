// The file system of this machine as our Disk: links are never followed, nothing is overwritten by creating it.

import { constants, type Stats } from 'node:fs'
import { chmod, type FileHandle, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import type { Disk, DiskEntry, OpenFile } from '../../base/disk.ts'
import { Fault } from '../../base/fault.ts'
import { onDisk } from './errno.ts'

// Without O_NONBLOCK a named pipe put in the place of a file would hang the reader. Windows has neither flag.
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
const CREATE = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)

const kindOf = (entry: Pick<Stats, 'isFile' | 'isDirectory'>): DiskEntry['kind'] =>
  entry.isFile() ? 'file' : entry.isDirectory() ? 'directory' : 'other'

/** Reads from `offset` to the end, or until `limit` bytes. */
export async function readUpTo(file: FileHandle, offset: number, limit: number): Promise<Uint8Array> {
  const { size } = await file.stat()
  const bytes = Buffer.alloc(Math.min(limit, Math.max(0, size - offset)))
  let length = 0
  while (length < bytes.length) {
    const { bytesRead } = await file.read(bytes, length, bytes.length - length, offset + length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return new Uint8Array(bytes.buffer, bytes.byteOffset, length)
}

/** Opens a plain file for reading; anything else is `FILE_NOT_REGULAR`. The caller closes it. */
export async function openRegular(path: string): Promise<FileHandle> {
  const file = await onDisk(path, () => open(path, READ))
  if ((await file.stat()).isFile()) return file
  await file.close()
  throw new Fault('FILE_NOT_REGULAR', 'is no plain file', { place: path })
}

async function read(path: string, limit: number): Promise<Uint8Array> {
  const file = await openRegular(path)
  try {
    const bytes = await onDisk(path, () => readUpTo(file, 0, limit + 1))
    if (bytes.length > limit) throw new Fault('FILE_TOO_LARGE', `is larger than ${limit} bytes`, { place: path })
    return bytes
  } finally {
    await file.close()
  }
}

async function create(path: string, mode = 0o644): Promise<OpenFile> {
  const file = await onDisk(path, async () => {
    const made = await open(path, CREATE, mode)
    // The process's umask has no say.
    await made.chmod(mode)
    return made
  })
  return {
    async write(bytes) {
      await onDisk(path, () => file.appendFile(bytes))
    },
    sync: () => onDisk(path, () => file.sync()),
    readBack: () => onDisk(path, () => readUpTo(file, 0, Infinity)),
    close: () => onDisk(path, () => file.close()),
  }
}

async function syncDirectory(path: string): Promise<void> {
  // Windows opens no directories; its journal keeps the order of renames.
  if (process.platform === 'win32') return
  await onDisk(path, async () => {
    const directory = await open(path, constants.O_RDONLY)
    try {
      await directory.sync()
    } finally {
      await directory.close()
    }
  })
}

async function absentAs<T>(nothing: T, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation()
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'FILE_MISSING') return nothing
    throw cause
  }
}

/** @example await nodeDisk().list('/var/lib/ratchet') */
export function nodeDisk(): Disk {
  return {
    read,
    create,
    rename: (from, to) => onDisk(to, () => rename(from, to)),
    remove: path => onDisk(path, () => rm(path, { recursive: true, force: true })),
    async makeDirectory(path, mode = 0o755) {
      await onDisk(path, () => mkdir(path, { recursive: true, mode }))
    },
    syncDirectory,
    setMode: (path, mode) => onDisk(path, () => chmod(path, mode)),
    list: path =>
      absentAs<readonly DiskEntry[]>([], async () => {
        const entries = await onDisk(path, () => readdir(path, { withFileTypes: true }))
        return entries
          .map(entry => ({ name: entry.name, kind: kindOf(entry) }))
          .sort((a, b) => (a.name < b.name ? -1 : 1))
      }),
    stat: path =>
      absentAs(undefined, async () => {
        const found = await onDisk(path, () => lstat(path))
        return { kind: kindOf(found), size: found.size, links: found.nlink, mode: found.mode & 0o7777 }
      }),
  }
}
