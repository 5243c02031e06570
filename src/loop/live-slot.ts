// The slot of a state directory, held by a process that stays: what a pass installs is in charge in memory at once, and what is taken back is gone at once.

import { accepted, type Fault, type Outcome, unwrap } from '../base/fault.ts'
import type { ReleaseSource } from '../release/source.ts'
import { bootSlot } from '../serving/boot.ts'
import { faultOf } from '../serving/installation.ts'
import type { ModelSet } from '../serving/model-set.ts'
import { dropUnwanted } from '../serving/reopen.ts'
import { rollBack } from '../serving/rollback.ts'
import { modelSlot } from '../serving/slot.ts'
import type { SyncResult } from '../serving/updater.ts'
import { diskRoom } from './disk-room.ts'
import { installationOf } from './installation-of.ts'
import { refuseKilled } from './kill-guard.ts'
import { watchRun } from './meter-run.ts'
import { findRelease } from './model-catalogue.ts'
import { type Operated, operate } from './operate.ts'
import { releaseOf } from './operator.ts'
import type { Ports, State } from './ports.ts'
import type { ReleaseCommand } from './run-control.ts'
import { startingRing, verifyingRing } from './signing-key.ts'
import { stillWanted, storedTrust } from './stored-trust.ts'
import { syncPass } from './sync-pass.ts'

export type LivePass = {
  readonly result: SyncResult
  /** The source had something that was looked at, whatever came of it. */
  readonly offered: boolean
  readonly before: ModelSet | undefined
}

export type Handover = { readonly from: ModelSet | undefined; readonly to: ModelSet | undefined }

export interface LiveSlot {
  current(): ModelSet | undefined
  /** What the start found and made good. */
  readonly notes: readonly string[]
  /** When the newest word of the channel was signed, ms UTC; undefined before the first. */
  signedAt(): number | undefined
  /** Refusals are in the result. Faults: `KILLED`, those of the source's place; an aborted signal throws. */
  pass(source: string, signal: AbortSignal): Promise<LivePass>
  /** @param to label, version, id or beginning of a digest; the set before this one where absent. Refusals: those of `rollBack`. */
  takeBack(to: string | undefined, reason: string): Promise<Outcome<Handover>>
  /** Whether every source that passes go over answers now. Refusals: the first that does not. */
  askSources(signal: AbortSignal): Promise<Outcome<string>>
  /** A person's word on one release. Refusals: those of `operate`. */
  act(command: ReleaseCommand, signal: AbortSignal): Promise<Outcome<Operated & Handover>>
  /** To be called when nothing went wrong for a while, and at a clean end. */
  healthy(): Promise<void>
}

export type LiveSlotOptions = {
  /** Releases for this symbol only, judged on its stored bars. */
  readonly symbol: string
}

/**
 * Boots the slot. The run lock is held by the caller: two processes that hold one slot would not see each other's swaps.
 *
 * Faults: `INSTALL_BUSY`, `KEY_…`, and those of a state directory that cannot be read.
 */
export async function openLiveSlot({ symbol }: LiveSlotOptions, state: State, ports: Ports): Promise<LiveSlot> {
  // Asked once before the boot, so that a missing key is told of; afterwards each pass sees what was revoked meanwhile.
  await startingRing(state.directory, ports)
  const slot = modelSlot()
  const installation = installationOf({
    state,
    ports,
    slot,
    clock: ports.clock,
    actor: 'clock',
    probe: ports.probe,
    hosts: ports.hosts,
    reserve: diskRoom(state.directory, ports),
    stillWanted: stillWanted(state.directory, ports),
  })
  const booted = unwrap(await bootSlot(installation))
  const { signed, signedAt } = watchRun({ meter: ports.meter, slot, clock: ports.clock })
  const sources = new Map<string, { readonly source: ReleaseSource; cursor: string | undefined }>()
  const opened = (place: string) => {
    const known = sources.get(place) ?? { source: ports.source(place), cursor: undefined }
    sources.set(place, known)
    return known
  }
  return {
    current: () => slot.current(),
    notes: booted.notes,
    signedAt,
    healthy: () => booted.healthy(),
    async pass(place, signal) {
      await refuseKilled('models', state.directory, ports)
      const known = opened(place)
      let offered = false
      const source: ReleaseSource = {
        ...known.source,
        judged(candidate, fault) {
          offered = true
          known.source.judged?.(candidate, fault)
        },
      }
      const before = slot.current()
      const { cursor } = known
      const ring = await verifyingRing(state.directory, ports)
      await dropUnwanted(installation)
      const result = await syncPass(
        { source, cursor, ring, symbol, installation, onSigned: signed, signal },
        state,
        ports,
      )
      known.cursor = result.cursor
      return { result, offered, before }
    },
    async askSources(signal) {
      const asked = [...sources.values()].map(async ({ source, cursor }): Promise<Fault | undefined> => {
        try {
          await source.discover(cursor, signal)
        } catch (cause) {
          const fault = faultOf(cause)
          // Nothing was published yet: the place answers.
          return fault.code === 'SOURCE_EMPTY' ? undefined : fault
        }
        return undefined
      })
      const fault = (await Promise.all(asked)).find(one => one !== undefined)
      return fault === undefined ? accepted(`${sources.size} asked, all answer`) : { ok: false, fault }
    },
    async act(command, signal) {
      const from = slot.current()
      const row = await releaseOf(command, { registry: state.registry, slot: slot.name, nowMs: ports.clock.now() })
      if (!row.ok) return row
      const own = [...sources.values()].map(({ source }) => source)
      const done = await operate(command, row.value, { installation, sources: own, signal }, state, ports)
      return done.ok ? accepted({ ...done.value, from, to: slot.current() }) : done
    },
    async takeBack(to, reason) {
      const target = to === undefined ? undefined : findRelease(to, await state.registry.releases()).digest
      const from = slot.current()
      const trust = await storedTrust(state.directory, ports)
      const done = await rollBack({ cause: reason, proven: false, to: target, trust }, installation)
      return done.ok ? accepted({ from, to: slot.current() }) : done
    },
  }
}
