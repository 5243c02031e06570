// What installing, booting and rolling back share: the place on disk, the slot, the registry, and who is acting.

import type { Clock } from '../base/clock.ts'
import type { Disk } from '../base/disk.ts'
import { Fault, type Outcome } from '../base/fault.ts'
import type { Log } from '../base/log.ts'
import type { Timer } from '../base/timer.ts'
import type { ReleaseManifest } from '../release/release.ts'
import type { Store } from '../release/store.ts'
import type { Evaluators } from './evaluators.ts'
import type { SlotEventDraft } from './history.ts'
import type { WriterLock } from './lock.ts'
import type { ParameterChangeStore } from './parameter-changes.ts'
import type { StatePaths } from './paths.ts'
import type { ModelProbe } from './probe.ts'
import type { Registry } from './registry.ts'
import type { ModelSlot } from './slot.ts'

/**
 * The steps of SRV-01 by the names that fault cases use. s10 stands for s10 to s13, which are one replacement of a file: faults
 * strike inside it at its disk calls.
 */
export type InstallStep =
  | ('s1' | 's2' | 's3' | 's4' | 's5' | 's6' | 's7' | 's8')
  | ('s9' | 's10' | 's14' | 's15' | 's16' | 's17')

export type Installation = {
  readonly disk: Disk
  readonly paths: StatePaths
  readonly store: Store
  readonly registry: Registry
  readonly slot: ModelSlot
  readonly lock: WriterLock
  readonly clock: Clock
  /** How a rollback waits a moment for its intent to be durable; absent: it does not wait. */
  readonly timer?: Timer | undefined
  readonly log: Log
  /** Signs every line of the history. */
  readonly stamp: { readonly actor: string; readonly configSha256: string; readonly codeVersion: string }
  /** Named backups that stay (SRV-65); 0 writes none. */
  readonly backupsKept: number
  /** Whether a release that passed its gates takes charge by itself (`promotion.auto`); true where absent. */
  readonly autoPromote?: boolean | undefined
  /** Tries a candidate in a process of its own (SRV-12); absent: latency and memory are not measured (G11). */
  readonly probe?: ModelProbe | undefined
  /** Where graphs run (SRV-31); absent: all in this thread, and one that our evaluator does not run is refused. */
  readonly evaluators?: Evaluators | undefined
  /** Sets in memory at once; a further swap waits (SRV-32). 3 where absent. */
  readonly maxResidentSets?: number | undefined
  /** Where changes of strategy parameters that an install brings are kept; nowhere where absent. */
  readonly parameterChanges?: Pick<ParameterChangeStore, 'add'> | undefined
  /** Asked before anything is staged, and again as soon as the size of a release is signed: whether the disk has room for it (REL-46). */
  readonly reserve?: ((releaseBytes: number) => Promise<Outcome<void>>) | undefined
  /** Asked of each stored release before it is used: a revoked key or an epoch that is over refuses it (REL-26). */
  readonly stillWanted?: ((manifest: ReleaseManifest, envelopeBytes: Uint8Array) => Promise<Outcome<void>>) | undefined
  /** Called before each step: where drills and fault tests strike. A throw is a failure of that step. */
  readonly onStep?: ((step: InstallStep) => void) | undefined
}

type Change = Pick<SlotEventDraft, 'event' | 'from' | 'to' | 'cause'> & { readonly gateReportSha256?: string | null }

/** A line of the history as this installation writes it. */
export function eventOf({ clock, slot, stamp }: Installation, change: Change): SlotEventDraft {
  return { at: clock.now(), slot: slot.name, gateReportSha256: null, ...stamp, ...change }
}

/** Makes the directories and makes them last: one that is lost in a power cut takes what it holds with it. */
export async function prepareDirectories({ disk, paths }: Pick<Installation, 'disk' | 'paths'>): Promise<void> {
  const parent = (path: string) => path.slice(0, path.lastIndexOf('/'))
  const wanted = [
    paths.root,
    paths.state,
    parent(paths.store),
    paths.store,
    paths.envelopes,
    paths.models,
    paths.backups,
  ]
  const found = await Promise.all(wanted.map(path => disk.stat(path)))
  if (found.every(stat => stat !== undefined)) return
  // One that is there may have been made a moment ago and not be durable, so all are synced.
  for (const path of wanted) {
    await disk.makeDirectory(path, 0o700)
    if (path !== paths.root) await disk.syncDirectory(parent(path))
  }
}

/**
 * Whatever went wrong, as a fault: the default outcome of any failure is to keep the set in charge, a bug's too. The cause stays
 * readable for whoever has to find it.
 */
export function faultOf(cause: unknown): Fault {
  if (cause instanceof Fault) return cause
  return new Fault('INSTALL_FAILED', cause instanceof Error ? cause.message : String(cause), { cause })
}
