// The highest release that was ever fully verified here, so that an old one is never taken for news (REL-18).

import { crc32 } from 'node:zlib'
import { z } from 'zod'
import { canonicalJson } from '../base/canonical-json.ts'
import { type Disk, replaceFile } from '../base/disk.ts'
import { accepted, Fault, type Outcome, refused } from '../base/fault.ts'
import type { ReleaseManifest, ReleasePointer } from './release.ts'
import { countSchema, digestSchema, fitSchema } from './schema.ts'
import { parseStrictObject } from './strict-json.ts'
import { utcMs } from './utc.ts'

const fields = {
  channel: z.string().min(1).max(128),
  epoch: countSchema,
  version: countSchema,
  manifestSha256: digestSchema,
  /** Latest signed time ever seen, ms UTC: expiry never goes by an earlier clock. */
  maxSignedTime: countSchema,
  /** Counts the writes. */
  seq: countSchema,
}
const markSchema = z.strictObject(fields)
const fileSchema = z.strictObject({ ...fields, crc32: countSchema })
const FILE_CAP = 4096

export type HighWater = Readonly<z.infer<typeof markSchema>>

/** The mark after a release was fully verified; it never falls within an epoch. */
export function highWaterAfter(
  before: HighWater | undefined,
  release: { readonly manifest: ReleaseManifest; readonly manifestSha256: string },
  pointer?: ReleasePointer,
): HighWater {
  const { manifest, manifestSha256 } = release
  const times = [manifest.issuedAt, ...(pointer === undefined ? [] : [pointer.issuedAt])].map(text => utcMs(text)!)
  const maxSignedTime = Math.max(before?.maxSignedTime ?? 0, ...times)
  const seq = (before?.seq ?? 0) + 1
  const { channel, epoch, version } = manifest
  const lower = before !== undefined && (before.epoch > epoch || (before.epoch === epoch && before.version > version))
  return lower ? { ...before, maxSignedTime, seq } : { channel, epoch, version, manifestSha256, maxSignedTime, seq }
}

/**
 * A mark that a person accepted after the old one was lost: any version may come first, but no epoch that is over, and no
 * time before this one is believed.
 */
export const highWaterBeginning = (channel: string, epoch: number, nowMs: number): HighWater => ({
  channel,
  epoch,
  version: 0,
  manifestSha256: '0'.repeat(64),
  maxSignedTime: nowMs,
  seq: 1,
})

const checksum = (mark: HighWater): number => crc32(canonicalJson(mark))

export type HighWaterFile = {
  /** Undefined where none was ever written; a file that cannot be trusted is `HWM_BROKEN`. */
  read(): Promise<Outcome<HighWater | undefined>>
  /** Durable when it returns: temp, fsync, rename, directory fsync. */
  write(mark: HighWater): Promise<void>
}

/** @example highWaterFile(disk, 'state/hwm.json') */
export function highWaterFile(disk: Disk, path: string): HighWaterFile {
  return {
    async read() {
      const bytes = await readIfThere(disk, path)
      if (bytes === undefined) return accepted(undefined)
      const json = parseStrictObject(bytes, path)
      const file = json.ok ? fitSchema(fileSchema, json.value, { place: path }) : json
      if (!file.ok)
        return refused('HWM_BROKEN', `the high-water mark is unreadable: ${file.fault.message}`, { place: path })
      const { crc32: written, ...mark } = file.value
      if (written === checksum(mark)) return accepted(mark)
      return refused('HWM_BROKEN', 'the high-water mark does not fit its checksum', { place: path })
    },
    async write(mark) {
      const text = canonicalJson({ ...mark, crc32: checksum(mark) })
      await replaceFile(disk, path, new TextEncoder().encode(text))
    },
  }
}

async function readIfThere(disk: Disk, path: string): Promise<Uint8Array | undefined> {
  try {
    return await disk.read(path, FILE_CAP)
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'FILE_MISSING') return undefined
    if (cause instanceof Fault && cause.code === 'FILE_TOO_LARGE') return new Uint8Array()
    throw cause
  }
}

/**
 * The mark to go by after the file was lost: the highest of what history, the active manifest and the journal still
 * know. Nothing readable beside a store that holds releases is `HWM_LOST`: nothing is installed until a person accepts.
 */
export function recoverHighWater(
  evidence: readonly HighWater[],
  { storeIsEmpty }: { storeIsEmpty: boolean },
): Outcome<HighWater | undefined> {
  const [highest] = [...evidence].sort((a, b) => b.epoch - a.epoch || b.version - a.version)
  if (highest !== undefined) {
    return accepted({ ...highest, maxSignedTime: Math.max(...evidence.map(mark => mark.maxSignedTime)) })
  }
  if (storeIsEmpty) return accepted(undefined)
  return refused('HWM_LOST', 'the high-water mark is lost and nothing tells how far this bot had come', {
    fix: 'compare with the publisher, then run: ratchet keys accept-hwm',
  })
}
