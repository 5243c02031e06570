// Publishes into a directory, local or a mounted share (REL-32).

import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { type Disk, ensureDirectory, replaceFile } from '../../base/disk.ts'
import { accepted, Fault, refused } from '../../base/fault.ts'
import { sha256 } from '../../base/hash.ts'
import { sameBytes } from '../../release/mac.ts'
import type { Publisher } from '../../release/publisher.ts'
import { treePath } from './tree-path.ts'

export type FilesPublisherOptions = {
  readonly disk: Disk
  /** The directory that becomes the published tree. */
  readonly root: string
  /**
   * Holds the tree's lock while an object is compared and written (`withFileLock`); `LOCK_BUSY` at once where another has it.
   * @param path the lock's file
   */
  readonly lock: <T>(path: string, work: () => Promise<T>) => Promise<T>
}

const NAME = '.publish.lock'
/** Five seconds: writing one object takes a fraction of that. */
const WAITS = 250
const WAIT_MS = 20
/** Larger than any file of a release: what is longer is surely another one. */
const COMPARE_CAP = 64 * 1024 * 1024

export function filesPublisher({ disk, root, lock }: FilesPublisherOptions): Publisher {
  const place = resolve(root)

  async function read(path: string, limit: number, signal: AbortSignal): Promise<Uint8Array | undefined> {
    signal.throwIfAborted()
    try {
      return await disk.read(treePath(place, path), limit)
    } catch (cause) {
      if (cause instanceof Fault && cause.code === 'FILE_MISSING') return undefined
      throw cause
    }
  }

  /** One writer at a time in the whole tree; another is waited for, not for ever. */
  async function alone<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await ensureDirectory(disk, place)
    for (let left = WAITS; ; left--) {
      try {
        return await lock(`${place}/${NAME}`, work)
      } catch (cause) {
        if (!(cause instanceof Fault) || cause.code !== 'LOCK_BUSY' || left === 0) throw cause
        await sleep(WAIT_MS, undefined, { signal })
      }
    }
  }

  return {
    capabilities: () => ({
      kind: 'files',
      place,
      originUrl: `${pathToFileURL(place).href.replace(/\/$/, '')}/`,
      conditionalPointer: true,
    }),
    read,
    async putBlob(path, bytes, signal) {
      const found = (there: Uint8Array) =>
        sameBytes(there, bytes)
          ? accepted('present' as const)
          : refused('BLOB_CONFLICT', 'other content is published under this name', {
              place: path,
              fix: 'publish under a new version; what was published once never changes',
            })
      const before = await read(path, COMPARE_CAP, signal)
      if (before !== undefined) return found(before)
      return alone(signal, async () => {
        const there = await read(path, COMPARE_CAP, signal)
        if (there !== undefined) return found(there)
        await replaceFile(disk, treePath(place, path), bytes)
        return accepted('written')
      })
    },
    async putPointer(path, bytes, seenSha256, signal) {
      return alone(signal, async () => {
        const there = await read(path, COMPARE_CAP, signal)
        const found = there === undefined ? null : sha256(there)
        if (found !== seenSha256) {
          return refused('POINTER_CONFLICT', 'another publisher was here meanwhile', {
            place: path,
            fix: 'build the next version on what is published now',
          })
        }
        await replaceFile(disk, treePath(place, path), bytes)
        return accepted(undefined)
      })
    },
  }
}
