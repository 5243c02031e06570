// Wraps any disk and writes down what was done to it, in order: the raw material of power-cut and kill tests. It can also
// break at an operation, as a killed process or a failing device would.

import type { Disk, OpenFile } from '../src/base/disk.ts'

/** What changes a disk. Reads change nothing and are not recorded. */
export type DiskOperation =
  | { readonly kind: 'create'; readonly path: string; readonly mode: number | undefined }
  | { readonly kind: 'write'; readonly path: string; readonly bytes: Uint8Array }
  | { readonly kind: 'fsync'; readonly path: string }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string }
  | { readonly kind: 'remove'; readonly path: string }
  | { readonly kind: 'mkdir'; readonly path: string }
  | { readonly kind: 'syncDirectory'; readonly path: string }
  | { readonly kind: 'setMode'; readonly path: string; readonly mode: number }

export type RecordingDisk = Disk & {
  /** Everything that was begun, in order; the one that broke is the last. */
  readonly operations: readonly DiskOperation[]
}

export type RecordingOptions = {
  /** Called before each operation with its number from 0; what it throws is what the caller of the disk sees. */
  readonly before?: (operation: DiskOperation, index: number) => void
}

/**
 * @example
 * const disk = recordingDisk(nodeDisk())
 * await replaceFile(disk, 'state/a', bytes)
 * disk.operations.map(operation => operation.kind) // mkdir ... create, write, fsync, rename, syncDirectory
 */
export function recordingDisk(disk: Disk, { before = () => {} }: RecordingOptions = {}): RecordingDisk {
  const operations: DiskOperation[] = []
  const record = (operation: DiskOperation): void => {
    operations.push(operation)
    before(operation, operations.length - 1)
  }
  const recordingFile = (path: string, file: OpenFile): OpenFile => ({
    async write(bytes) {
      record({ kind: 'write', path, bytes: Uint8Array.from(bytes) })
      await file.write(bytes)
    },
    async sync() {
      record({ kind: 'fsync', path })
      await file.sync()
    },
    readBack: () => file.readBack(),
    close: () => file.close(),
  })
  return {
    operations,
    read: (path, limit) => disk.read(path, limit),
    list: path => disk.list(path),
    stat: path => disk.stat(path),
    async create(path, mode) {
      record({ kind: 'create', path, mode })
      return recordingFile(path, await disk.create(path, mode))
    },
    async rename(from, to) {
      record({ kind: 'rename', path: from, to })
      await disk.rename(from, to)
    },
    async remove(path) {
      record({ kind: 'remove', path })
      await disk.remove(path)
    },
    async makeDirectory(path, mode) {
      record({ kind: 'mkdir', path })
      await disk.makeDirectory(path, mode)
    },
    async syncDirectory(path) {
      record({ kind: 'syncDirectory', path })
      await disk.syncDirectory(path)
    },
    async setMode(path, mode) {
      record({ kind: 'setMode', path, mode })
      await disk.setMode(path, mode)
    },
  }
}
