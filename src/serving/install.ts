// From a verified, gated release to the set that decides: steps s6 to s17 of SRV-01. Whatever fails before the commit point leaves
// everything as it was; whatever fails after it is taken back or, where nothing is at stake any more, only told.

import { accepted, type Fault, type Outcome, refused } from '../base/fault.ts'
import type { VerifiedRelease } from '../release/release.ts'
import { pruneBackups, writeBackup } from './backups.ts'
import { collectStore } from './collect.ts'
import { type Current, currentAfter, currentFile } from './current.ts'
import type { GateRun } from './gates/run.ts'
import { eventOf, faultOf, type Installation } from './installation.ts'
import type { ModelSet } from './model-set.ts'
import { pinned, pinOf } from './pins.ts'
import { recordParameters } from './record-parameters.ts'
import type { ReleaseState } from './registry.ts'
import { gateRow, memberRows, releaseRow } from './registry-rows.ts'
import { reopenRelease } from './reopen.ts'
import type { Staging } from './staging.ts'

export type InstallRequest = {
  readonly release: VerifiedRelease
  /** Compiled from the bytes of `release`. */
  readonly set: ModelSet
  /** A report that passed. */
  readonly gates: GateRun
  readonly staging: Pick<Staging, 'promote'>
  /** Why, for the history, where a person asked for it. */
  readonly cause?: string | undefined
  /** Ends the wait for a set that is still decided with. */
  readonly signal?: AbortSignal | undefined
  /** Right before the swap; a refusal of it keeps the set in charge (SRV-32). */
  readonly warmUp?: (() => Promise<Outcome<void>>) | undefined
  /** Resolves when the book and the clock allow the swap (SRV-33, SRV-71); at once where absent. */
  readonly awaitWindow?: (() => Promise<void>) | undefined
}

/** In memory at once: in charge, the way back, and one that is still decided with (SRV-32). */
const MAX_RESIDENT_SETS = 3

export type Installed = { readonly digest: string; readonly previous: string | null; readonly setSeq: number }

/**
 * Refusals: `DISK_FULL`, `DISK_IO` and others of the disk and the registry, `CHAMPION_CHANGED` where the set in charge is no longer
 * the one that the gates compared with, `SLOT_PINNED`, `RELEASE_BLOCKED`, those of the warm-up. After a refusal the same set is in charge, in memory and on disk.
 */
export async function installRelease(request: InstallRequest, installation: Installation): Promise<Outcome<Installed>> {
  try {
    await shelve(request, installation)
    await backUp(installation)
    await request.awaitWindow?.()
    const { slot, maxResidentSets = MAX_RESIDENT_SETS } = installation
    await slot.room(maxResidentSets, request.signal)
    const warm = await request.warmUp?.()
    if (warm?.ok === false) return warm
    const installed = await installation.lock.alone(() => commit(request, installation))
    if (!installed.ok) return installed
    const { previous: from, digest: to } = installed.value
    await recordParameters({ from, to, reason: `release ${request.set.label} took charge` }, installation)
    await tidy(installation)
    return installed
  } catch (cause) {
    return { ok: false, fault: faultOf(cause) }
  }
}

/** s6 to s8: in the store and in the registry, not yet active. */
async function shelve({ release, gates, staging }: InstallRequest, { registry, clock, onStep }: Installation) {
  await staging.promote(release)
  onStep?.('s8')
  const at = clock.now()
  await registry.saveRelease(releaseRow(release, 'installed', at), memberRows(release), gateRow(gates, at))
}

/** s9: a named copy of what is about to be replaced. */
async function backUp(installation: Installation): Promise<void> {
  const { slot, backupsKept, log, onStep } = installation
  onStep?.('s9')
  const inCharge = slot.current()
  if (inCharge === undefined || backupsKept === 0) return
  const reopened = await reopenRelease(installation, inCharge.digest)
  if (reopened.ok) await writeBackup(installation, reopened.value)
  // A damaged copy of the old set is no reason to refuse the new one; the memory still holds it.
  else log.write('warn', 'model.backup.failed', `No backup of ${inCharge.releaseId}: ${reopened.fault.message}`)
}

/** s10 to s15. */
async function commit(
  { release, set, gates, cause = 'gates passed' }: InstallRequest,
  installation: Installation,
): Promise<Outcome<Installed>> {
  const { disk, paths, slot, registry, log, onStep } = installation
  const champion = slot.current()
  if ((champion?.digest ?? null) !== gates.report.champion) {
    return refused('CHAMPION_CHANGED', 'another set took charge while this one was judged', {
      fix: 'it is judged again',
    })
  }
  // A person may have pinned the slot, or blocked the release, while it was judged.
  const pin = await pinOf(registry, slot.name)
  if (pin !== undefined) return pinned(pin)
  const block = await registry.blockOf(set.digest)
  if (block !== undefined) return refused('RELEASE_BLOCKED', `${set.label} is blocked: ${block.reason}`)
  const file = currentFile(disk, paths, slot.name)
  const before = await file.read()
  if (!before.ok) return before
  if (champion !== undefined && before.value?.digest === release.manifestSha256) {
    return refused('CHAMPION_CHANGED', 'another process has put this release in charge already', {
      fix: 'start again: what is in memory here is no longer in charge',
    })
  }
  const next = currentAfter(before.value, slot.name, release.manifestSha256)
  try {
    onStep?.('s10')
    await file.write(next)
  } catch (cause) {
    await takeBack(before.value, next, installation, faultOf(cause))
    return { ok: false, fault: faultOf(cause) }
  }
  onStep?.('s14')
  const setSeq = slot.swap(set)
  try {
    onStep?.('s15')
    const states = new Map<string, ReleaseState>()
    // The way back of the set that leaves becomes history; a set that returns is named last.
    if (typeof before.value?.prevDigest === 'string') states.set(before.value.prevDigest, 'retired')
    states.set(set.digest, 'active')
    if (champion !== undefined && champion.digest !== set.digest) states.set(champion.digest, 'previous')
    const change = {
      event: 'activated',
      from: champion?.digest ?? null,
      to: set.digest,
      cause,
    } as const
    await registry.append(eventOf(installation, { ...change, gateReportSha256: gates.sha256 }), states)
  } catch (cause) {
    // Order: slot, then history; if history cannot be written, swap back (SRV-70).
    slot.swap(champion)
    slot.dropPrevious()
    await takeBack(before.value, next, installation, faultOf(cause))
    return { ok: false, fault: faultOf(cause) }
  }
  log.write('info', 'model.swapped', '[CLOUD-SYNC] Model hot-swap completed successfully', { release: set.releaseId })
  return accepted({ digest: set.digest, previous: champion?.digest ?? null, setSeq })
}

/** Puts CURRENT back where the failed write, or a later failure, left the new one to be seen. */
async function takeBack(before: Current | undefined, next: Current, installation: Installation, why: Fault) {
  const { disk, paths, slot, log } = installation
  const file = currentFile(disk, paths, slot.name)
  try {
    const seen = await file.read()
    if (!seen.ok || seen.value?.seq !== next.seq) return
    if (before === undefined) await file.remove()
    else await file.write({ ...before, seq: next.seq + 1 })
  } catch (cause) {
    // Both sets are complete and passed their gates: a boot that finds the new one is safe, but it must not be silent.
    const text = `CURRENT could not be put back after ${why.code}: the next start may find ${next.digest}`
    log.write('error', 'model.current.doubt', text, { fault: faultOf(cause).toJSON() })
  }
}

/** s16, s17: nothing is at stake any more, so a failure is told and the install stands. */
async function tidy(installation: Installation): Promise<void> {
  const { log, lock, onStep } = installation
  try {
    // The set before the previous one was let go by the swap; open leases keep it until they end.
    onStep?.('s16')
    await pruneBackups(installation)
    onStep?.('s17')
    await lock.alone(() => collectStore(installation))
  } catch (cause) {
    const fault = faultOf(cause)
    log.write('warn', 'model.collect.failed', `Cleaning up failed: ${fault.message}`, { fault: fault.toJSON() })
  }
}
