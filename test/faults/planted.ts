// Bugs on purpose, each a disk or a store that does one thing wrong. A harness that does not find them proves nothing.

import type { Disk } from '../../src/base/disk.ts'
import type { Store } from '../../src/release/store.ts'

export type Bug = 'written in place' | 'renamed before written' | 'collects the way back' | 'failure swallowed'

/** Replaces a file by writing into it, in two halves: whoever dies between them leaves a mixture. */
function inPlace(disk: Disk, isHit: (path: string) => boolean): Disk {
  return {
    ...disk,
    async rename(from, to) {
      if (!isHit(to)) return disk.rename(from, to)
      const bytes = await disk.read(from, 1 << 24)
      await disk.remove(to)
      const file = await disk.create(to)
      await file.write(bytes.subarray(0, bytes.length / 2))
      await file.write(bytes.subarray(bytes.length / 2))
      await file.close()
      await disk.remove(from)
    },
  }
}

/** Puts an empty file into its place first and fills it after that. */
function renamedFirst(disk: Disk, isHit: (path: string) => boolean): Disk {
  return {
    ...disk,
    async rename(from, to) {
      if (!isHit(to)) return disk.rename(from, to)
      const bytes = await disk.read(from, 1 << 24)
      await disk.remove(from)
      await (await disk.create(from)).close()
      await disk.rename(from, to)
      await disk.remove(to)
      const file = await disk.create(to, 0o440)
      await file.write(bytes)
      await file.sync()
      await file.close()
    },
  }
}

/** Takes a failed rename for a done one. */
const swallowing = (disk: Disk): Disk => ({
  ...disk,
  rename: (from, to) => disk.rename(from, to).catch(() => undefined),
})

export function plantedDisk(disk: Disk, bug: Bug | undefined): Disk {
  const isPointer = (path: string) => /(?:CURRENT|pointer\.json)$/.test(path)
  if (bug === 'written in place') return inPlace(disk, isPointer)
  if (bug === 'renamed before written') return renamedFirst(disk, path => /cas\/|CURRENT$|pointer\.json$/.test(path))
  return bug === 'failure swallowed' ? swallowing(disk) : disk
}

/** Collection that keeps only what is in charge. @param previous everything of the way back, which it should have kept */
export function plantedStore(store: Store, bug: Bug | undefined, previous: () => Promise<ReadonlySet<string>>): Store {
  if (bug !== 'collects the way back') return store
  return {
    ...store,
    async collect(keep) {
      const back = await previous()
      return store.collect(new Set([...keep].filter(digest => !back.has(digest))))
    },
  }
}
