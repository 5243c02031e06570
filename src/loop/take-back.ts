// A rollback by hand: the set in charge goes, the one before it or a chosen one decides (SRV-62).

import { accepted, Fault, type Outcome, refused } from '../base/fault.ts'
import { contentStore } from '../release/store.ts'
import { statePaths } from '../serving/paths.ts'
import type { ReleaseRow } from '../serving/registry.ts'
import { type RolledBack, rollBack } from '../serving/rollback.ts'
import { bootAlone } from './boot-alone.ts'
import { findRelease } from './model-catalogue.ts'
import type { Ports, State } from './ports.ts'
import { runLockOf } from './run-lock.ts'
import { storedTrust } from './stored-trust.ts'

export type TakeBackRequest = {
  readonly reason: string
  /** Label, version, id or beginning of the digest; the set before this one where absent. */
  readonly to: string | undefined
}

export type TakenBack = RolledBack & { readonly fromLabel: string | null; readonly toLabel: string | null }

const CHOOSE = { fix: 'choose one that was in charge lately: ratchet models history' }

/** Why nobody may go back to a release, before anything is touched. */
async function objectionTo({ digest, label, state }: ReleaseRow, { directory, registry }: State, disk: Ports['disk']) {
  const block = await registry.blockOf(digest)
  if (block !== undefined) return new Fault('RELEASE_BLOCKED', `release ${label} is blocked: ${block.reason}`, CHOOSE)
  if (state === 'refused' || state === 'quarantined') {
    return new Fault('ROLLBACK_TARGET', `release ${label} is ${state}`, CHOOSE)
  }
  if (await contentStore(disk, statePaths(directory).store).has(digest)) return undefined
  return new Fault('CAS_MISSING', `the files of release ${label} are no longer kept`, CHOOSE)
}

/**
 * Refusals: those of `bootSlot` and `rollBack`; `RELEASE_BLOCKED`, `CAS_MISSING`, and `ROLLBACK_TARGET` for a release that was never fit
 * to be in charge or is already. Fault `LOCK_BUSY` while a loop runs on this state directory.
 * Faults: those of `findRelease` and of the key that a chosen target must still be signed with.
 */
export async function takeBack(request: TakeBackRequest, state: State, ports: Ports): Promise<Outcome<TakenBack>> {
  const rows = await state.registry.releases()
  const target = request.to === undefined ? undefined : findRelease(request.to, rows)
  const objection = target === undefined ? undefined : await objectionTo(target, state, ports.disk)
  if (objection !== undefined) return { ok: false, fault: objection }
  // A running loop holds its set in memory and would not see what is written behind its back.
  const done = await ports.withLock(runLockOf(state.directory), () => goBack(request.reason, target, state, ports))
  if (!done.ok) return done
  const labelOf = (digest: string | null) => rows.find(row => row.digest === digest)?.label ?? null
  return accepted({ ...done.value, fromLabel: labelOf(done.value.from), toLabel: labelOf(done.value.to) })
}

async function goBack(
  reason: string,
  target: ReleaseRow | undefined,
  state: State,
  ports: Ports,
): Promise<Outcome<RolledBack>> {
  const booted = await bootAlone(state, ports)
  if (!booted.ok) return booted
  const installation = booted.value
  if (target === undefined) return rollBack({ cause: reason, proven: false }, installation)
  if (installation.slot.current()?.digest === target.digest) {
    return refused('ROLLBACK_TARGET', `release ${target.label} is in charge already`, {
      fix: 'leave out --to to go back to the one before it',
    })
  }
  const trust = await storedTrust(state.directory, ports)
  return rollBack({ cause: reason, proven: false, to: target.digest, trust }, installation)
}
