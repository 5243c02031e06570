// How often a set was loaded at start without being called healthy since: a set that crashes its bot is not loaded for ever (SRV-03).

import { z } from 'zod'
import type { Installation } from './installation.ts'
import { stampedFile } from './stamped-file.ts'

const shape = z.strictObject({ digest: z.string(), starts: z.int().min(0) })

export interface BootCounter {
  /** Starts of this set that nobody called healthy. A counter that cannot be read counts as none. */
  starts(digest: string): Promise<number>
  /** One more, durable before the set is loaded. */
  raise(digest: string): Promise<void>
  /** After 60 s or 100 decisions without trouble, or a clean end. */
  clear(): Promise<void>
}

export function bootCounter({ disk, paths }: Pick<Installation, 'disk' | 'paths'>): BootCounter {
  const file = stampedFile(disk, paths.boot, shape)
  const starts = async (digest: string): Promise<number> => {
    const read = await file.read()
    return read.ok && read.value?.digest === digest ? read.value.starts : 0
  }
  return {
    starts,
    raise: async digest => file.write({ digest, starts: (await starts(digest)) + 1 }),
    clear: () => file.remove(),
  }
}
