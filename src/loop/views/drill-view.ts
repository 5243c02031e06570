// The last rehearsal of all faults and the last look at everything that is kept: how old they are and what they found.

import { statePaths } from '../../serving/paths.ts'
import { scrubMark } from '../../serving/scrub.ts'
import { lastDrillsFile } from '../drills/last-drills.ts'
import type { ViewPorts } from './view-ports.ts'

export type DrillView = {
  /** Null: never rehearsed, or what is known of it cannot be read. */
  readonly drills: {
    /** ms UTC. */
    readonly at: number
    readonly ageMs: number
    /** Passed of those that could be run, 0 to 1; null where none could. */
    readonly score: number | null
    readonly passed: number
    readonly missed: readonly string[]
    readonly skipped: readonly string[]
    readonly slowestSafeMs: number
  } | null
  readonly scrub: { readonly at: number; readonly ageMs: number; readonly damages: number } | null
}

/** @example (await drillView(ports)).drills?.score // 1 */
export async function drillView({
  directory,
  disk,
  clock,
}: Pick<ViewPorts, 'directory' | 'disk' | 'clock'>): Promise<DrillView> {
  const drills = await lastDrillsFile(directory, disk).read()
  const scrubbed = await scrubMark({ disk, paths: statePaths(directory) }).read()
  const aged = <T extends { readonly at: number }>(value: T) => ({
    ...value,
    ageMs: Math.max(0, clock.now() - value.at),
  })
  return {
    drills: drills.ok && drills.value !== undefined ? aged(drills.value) : null,
    scrub: scrubbed.ok && scrubbed.value !== undefined ? aged(scrubbed.value) : null,
  }
}
