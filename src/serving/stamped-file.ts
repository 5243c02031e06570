// Small state files that are replaced whole and carry a checksum: what is read was written so, or there is nothing.

import { crc32 } from 'node:zlib'
import { z } from 'zod'
import { canonicalJson } from '../base/canonical-json.ts'
import { type Disk, replaceFile } from '../base/disk.ts'
import { accepted, Fault, type Outcome, refused } from '../base/fault.ts'

const CAP = 4_096
const stamped = z.looseObject({ crc32: z.int() })

export interface StampedFile<T> {
  /** Undefined where there is none. Refusal `STATE_BROKEN`: empty, garbage, no plain file, or not of its checksum. */
  read(): Promise<Outcome<T | undefined>>
  /** Durable when it returns. After a fault no temporary file is left, and the file is old or new, never a mixture. */
  write(value: T): Promise<void>
  remove(): Promise<void>
}

async function bytesOf(disk: Disk, path: string): Promise<Outcome<Uint8Array | undefined>> {
  const found = await disk.stat(path)
  if (found === undefined) return accepted(undefined)
  if (found.kind !== 'file' || found.links > 1) {
    return refused('STATE_BROKEN', 'is no plain file of its own', { place: path })
  }
  try {
    return accepted(await disk.read(path, CAP))
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause
    return refused('STATE_BROKEN', `cannot be read: ${cause.message}`, { place: path, cause })
  }
}

function parse<T>(bytes: Uint8Array, shape: z.ZodType<T>, path: string): Outcome<T> {
  try {
    const { crc32: written, ...body } = stamped.parse(
      JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)),
    )
    if (crc32(canonicalJson(body)) !== written)
      return refused('STATE_BROKEN', 'does not fit its checksum', { place: path })
    return accepted(shape.parse(body))
  } catch (cause) {
    return refused('STATE_BROKEN', 'is not what was written there', { place: path, cause })
  }
}

/** @example stampedFile(disk, 'state/boot.json', z.object({ failures: z.int() })) */
export function stampedFile<T extends object>(disk: Disk, path: string, shape: z.ZodType<T>): StampedFile<T> {
  const directory = path.slice(0, path.lastIndexOf('/'))
  return {
    async read() {
      const bytes = await bytesOf(disk, path)
      if (!bytes.ok || bytes.value === undefined) return bytes as Outcome<undefined>
      return parse(bytes.value, shape, path)
    },
    async write(value) {
      const text = canonicalJson({ ...value, crc32: crc32(canonicalJson(value)) })
      try {
        await replaceFile(disk, path, new TextEncoder().encode(text))
      } catch (cause) {
        // The first fault is the one to tell; a leftover is swept at the next start.
        await disk.remove(`${path}.tmp`).catch(() => undefined)
        throw cause
      }
    },
    async remove() {
      await disk.remove(path)
      await disk.syncDirectory(directory)
    },
  }
}
