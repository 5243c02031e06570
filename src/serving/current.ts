// CURRENT: the one small file that says which release is active in a slot. Replacing it is the commit point of an install (s10 to s13).

import { z } from 'zod'
import type { Disk } from '../base/disk.ts'
import type { StatePaths } from './paths.ts'
import { type StampedFile, stampedFile } from './stamped-file.ts'

const digest = z.string().regex(/^[0-9a-f]{64}$/)

const shape = z.strictObject({
  schema: z.literal('ratchet.current/1'),
  /** Counts the writes. */
  seq: z.int().min(1),
  slot: z.string(),
  /** Manifest digest; null: the rule-based baseline is in charge. */
  digest: digest.nullable(),
  prevDigest: digest.nullable(),
  /** An open canary starts again from its beginning after a boot. */
  canary: z.enum(['open', 'closed']),
})

export type Current = Readonly<z.infer<typeof shape>>

/** Refusal to read: `STATE_BROKEN`. */
export function currentFile(disk: Disk, paths: StatePaths, slot: string): StampedFile<Current> {
  return stampedFile(disk, paths.current(slot), shape)
}

/** What CURRENT says after `digest` took over from it. */
export function currentAfter(before: Current | undefined, slot: string, digest: string | null): Current {
  const seq = (before?.seq ?? 0) + 1
  return { schema: 'ratchet.current/1', seq, slot, digest, prevDigest: before?.digest ?? null, canary: 'open' }
}
