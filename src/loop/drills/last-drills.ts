// What the last rehearsal of all faults came to, kept in the state directory for whoever asks how old it is and what was missed.

import { z } from 'zod'
import type { Disk } from '../../base/disk.ts'
import { statePaths } from '../../serving/paths.ts'
import { type StampedFile, stampedFile } from '../../serving/stamped-file.ts'
import type { DrillRun } from './drill.ts'

const shape = z.strictObject({
  /** ms UTC. */
  at: z.int(),
  score: z.number().min(0).max(1).nullable(),
  passed: z.int().min(0),
  missed: z.array(z.string()),
  skipped: z.array(z.string()),
  /** The longest time from a fault to a safe state, in ms. */
  slowestSafeMs: z.number().min(0),
})

export type LastDrills = Readonly<z.infer<typeof shape>>

/** Refusal to read: `STATE_BROKEN`. */
export const lastDrillsFile = (directory: string, disk: Disk): StampedFile<LastDrills> =>
  stampedFile(disk, `${statePaths(directory).state}/drills.json`, shape)

/** @example lastOf(await runDrills({ name: 'all', signal }, state, ports)).missed // [] */
export function lastOf({ outcomes, at, score, passed }: DrillRun): LastDrills {
  const named = (wanted: string) => outcomes.filter(({ verdict }) => verdict === wanted).map(({ name }) => name)
  const times = outcomes.map(one => (one.verdict === 'skipped' ? 0 : one.safeAfterMs))
  return { at, score, passed, missed: named('miss'), skipped: named('skipped'), slowestSafeMs: Math.max(0, ...times) }
}
