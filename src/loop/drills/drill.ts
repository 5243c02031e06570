// A rehearsed fault (SRV-80): what is done to a copy of the installation, what must come of it, and what came.

import type { DrillWorld } from './world.ts'

/** Decisions per second and how long one takes, in ms; the mean where nothing else is said. */
export type LoadFigures = {
  readonly load: string
  readonly decisionsPerSecond: number
  readonly beforeMs: number
  readonly duringMs: number
  readonly afterMs: number
}

export type DrillResult =
  | {
      readonly verdict: 'pass' | 'miss'
      /** What came, in one sentence. */
      readonly observed: string
      /** From the fault to the moment when the installation was safe. */
      readonly safeAfterMs: number
      readonly load?: readonly LoadFigures[] | undefined
    }
  /** The fault could not be made here; that is no pass. */
  | { readonly verdict: 'skipped'; readonly reason: string }

export type Drill = {
  /** As it is asked for: `forged-manifest`. */
  readonly name: string
  /** What happens. */
  readonly title: string
  /** What must come of it. */
  readonly expected: string
  /** A throw is a miss, and says what broke. */
  run(world: DrillWorld): Promise<DrillResult>
}

export type DrillOutcome = Pick<Drill, 'name' | 'title' | 'expected'> & DrillResult

export type DrillRun = {
  readonly outcomes: readonly DrillOutcome[]
  readonly passed: number
  readonly missed: number
  readonly skipped: number
  /** Passed of those that could be run, 0 to 1; null where none could. */
  readonly score: number | null
  /** Of the release in charge that was rehearsed with. */
  readonly at: number
}

/** @example judged(result.installed === 0, 'it was refused with MEMBER_HASH', 12) */
export function judged(
  passed: boolean,
  observed: string,
  safeAfterMs: number,
  load?: readonly LoadFigures[],
): DrillResult {
  return { verdict: passed ? 'pass' : 'miss', observed, safeAfterMs, load }
}
