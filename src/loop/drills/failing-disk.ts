// Disks that fail in a rehearsal: one that is full, and one of a process that is gone.

import type { Disk, OpenFile } from '../../base/disk.ts'
import { Fault } from '../../base/fault.ts'

/** Takes no byte more while it is full. */
export function fillableDisk(disk: Disk): Disk & { full: boolean } {
  const refuse = (path: string): never => {
    throw new Fault('DISK_FULL', 'no space is left on the device', { place: path })
  }
  const own = {
    ...disk,
    full: false,
    async create(path: string, mode?: number): Promise<OpenFile> {
      const file = own.full ? refuse(path) : await disk.create(path, mode)
      return { ...file, write: bytes => (own.full ? refuse(path) : file.write(bytes)) }
    },
    async makeDirectory(path: string, mode?: number) {
      if (own.full && (await disk.stat(path)) === undefined) refuse(path)
      await disk.makeDirectory(path, mode)
    },
  }
  return own
}

export type EndingDisk = Disk & {
  /** Changes so far. */
  readonly changes: () => number
  /** The process ends before so many more changes; fulfilled when it has. */
  endAfter(more: number): Promise<void>
  /** Closes what the process had open when it ended, as the system does for one that is gone. */
  bury(): Promise<void>
}

/** The disk as a process sees it that is ended: nothing that it asks for is answered any more. */
export function endingDisk(disk: Disk): EndingDisk {
  const gone = Promise.withResolvers<void>()
  let changes = 0
  let last = Number.POSITIVE_INFINITY
  const open = new Set<OpenFile>()
  async function change<T>(work: () => Promise<T>): Promise<T> {
    if (changes++ < last) return work()
    gone.resolve()
    return new Promise<never>(() => {})
  }
  return {
    ...disk,
    changes: () => changes,
    endAfter(more) {
      last = changes + more
      return gone.promise
    },
    async bury() {
      for (const file of open) await file.close()
      open.clear()
    },
    create: (path, mode) =>
      change(async () => {
        const file = await disk.create(path, mode)
        open.add(file)
        return {
          ...file,
          write: bytes => change(() => file.write(bytes)),
          sync: () => change(() => file.sync()),
          async close() {
            open.delete(file)
            await file.close()
          },
        }
      }),
    rename: (from, to) => change(() => disk.rename(from, to)),
    remove: path => change(() => disk.remove(path)),
    makeDirectory: (path, mode) => change(() => disk.makeDirectory(path, mode)),
    syncDirectory: path => change(() => disk.syncDirectory(path)),
    setMode: (path, mode) => change(() => disk.setMode(path, mode)),
  }
}
