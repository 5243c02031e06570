// Fetches from a directory: a published tree, or one release directory. Links are refused on the way (REL-40).

import { lstat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Fault } from '../../base/fault.ts'
import { sha256 } from '../../base/hash.ts'
import { directoryReader } from '../../release/directory.ts'
import { POINTER_PATH } from '../../release/layout.ts'
import { ENVELOPE_CAP, POINTER_FILE_CAP } from '../../release/limits.ts'
import type { ByteRange, ReleaseCandidate, ReleaseSource } from '../../release/source.ts'
import { nodeDisk, openRegular, readUpTo } from './disk.ts'
import { onDisk } from './errno.ts'
import { treePath } from './tree-path.ts'

const CHUNK = 256 * 1024

/**
 * @param root the directory that holds `models/pointer.json` (a tree) or `envelope.json` (one release)
 * @example await filesSource('/mnt/models').discover(undefined, signal)
 */
export function filesSource(root: string): ReleaseSource {
  const place = resolve(root)
  const disk = nodeDisk()

  async function found(path: string, limit: number): Promise<string | undefined> {
    try {
      await refuseLinks(place, path)
      return sha256(await disk.read(treePath(place, path), limit))
    } catch (cause) {
      if (cause instanceof Fault && cause.code === 'FILE_MISSING') return undefined
      throw cause
    }
  }

  async function directory(): Promise<ReleaseCandidate> {
    const files = await directoryReader(disk, place).list()
    return { layout: 'directory', root: '', files: files ?? [] }
  }

  return {
    describe: () => ({ kind: 'files', place }),
    async discover(cursor, signal) {
      signal.throwIfAborted()
      const pointer = await found(POINTER_PATH, POINTER_FILE_CAP)
      const seen = pointer ?? (await found('envelope.json', ENVELOPE_CAP))
      if (seen === undefined) {
        throw new Fault('SOURCE_EMPTY', 'holds neither models/pointer.json nor envelope.json', {
          place,
          fix: 'publish a release there, or name the directory that has one',
        })
      }
      if (seen === cursor) return { kind: 'notModified', cursor }
      const tree: ReleaseCandidate = { layout: 'tree', root: '', pointer: { path: POINTER_PATH } }
      return { kind: 'found', cursor: seen, candidates: [pointer === undefined ? await directory() : tree] }
    },
    open: ({ path }, range, signal) => stream(place, path, range, signal),
  }
}

/** Every part of the path must be what it seems: a link anywhere is `FILE_NOT_REGULAR`. */
async function refuseLinks(root: string, path: string): Promise<void> {
  treePath(root, path)
  const parts = path.split('/')
  for (const length of parts.keys()) {
    const part = treePath(root, parts.slice(0, length + 1).join('/'))
    const stat = await onDisk(part, () => lstat(part))
    if (stat.isSymbolicLink()) throw new Fault('FILE_NOT_REGULAR', 'is a link; links are not followed', { place: part })
  }
}

async function* stream(
  root: string,
  path: string,
  { offset, limit }: ByteRange,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  signal.throwIfAborted()
  await refuseLinks(root, path)
  const file = await openRegular(treePath(root, path))
  try {
    for (let sent = 0; sent < limit; ) {
      signal.throwIfAborted()
      const chunk = await onDisk(path, () => readUpTo(file, offset + sent, Math.min(CHUNK, limit - sent)))
      if (chunk.length === 0) return
      yield chunk
      sent += chunk.length
    }
  } finally {
    await file.close()
  }
}
