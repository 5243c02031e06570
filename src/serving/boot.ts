// What a start finds and makes good (SRV-03): staging is swept, CURRENT checked, the active set hashed again and loaded; where it
// cannot be, the one before it, and the one before that; where none can, nothing is in charge and nobody enters.

import { accepted, Fault, type Outcome } from '../base/fault.ts'
import { bootCounter } from './boot-counter.ts'
import { type Current, currentAfter, currentFile } from './current.ts'
import { handoversOf } from './history.ts'
import { eventOf, type Installation, prepareDirectories } from './installation.ts'
import type { HeldLock } from './lock.ts'
import { type ModelSet, openModelSet } from './model-set.ts'
import { pinOf } from './pins.ts'
import type { ReleaseState } from './registry.ts'
import { reopenRelease } from './reopen.ts'
import { recordRollback, rollbackIntent } from './rollback.ts'
import { sweepStaging } from './staging.ts'
import { isUnrecordable } from './unrecorded.ts'
import { wayBack } from './way-back.ts'

export type Booted = {
  /** `hold`: sets were in charge before, and none of them can be loaded. `empty`: none ever was, or the baseline was chosen. */
  readonly state: 'active' | 'recovered' | 'hold' | 'empty'
  readonly inCharge: ModelSet | undefined
  /** What was found and made good, for the log and the operator. */
  readonly notes: readonly string[]
  /** Nothing can be written here: to be shown, and told to whoever can mend it. */
  readonly readOnly?: true
  /** To be called after 60 s or 100 decisions without trouble, or at a clean end. */
  healthy(): Promise<void>
}

/** The second failed start of one set is its last. */
const MAX_FAILED_STARTS = 2

type Found = { readonly current: Current | undefined; readonly broken: boolean }

/**
 * Fills the slot from disk. Refusals: `INSTALL_BUSY`, and faults of a disk or registry that cannot be written.
 *
 * @example
 * const booted = unwrap(await bootSlot(installation))
 * if (booted.state === 'hold') refuseEntries()
 */
export async function bootSlot(installation: Installation): Promise<Outcome<Booted>> {
  const held = await lockForStart(installation)
  if (!held.ok) return isUnrecordable(held.fault) ? accepted(await bootReadOnly(installation, held.fault)) : held
  try {
    return accepted(await boot(installation))
  } finally {
    await held.value.release()
  }
}

/** What the disk refuses, as a refusal: a bot that may only look is better than one that starts again and again. */
async function lockForStart({ lock }: Installation): Promise<Outcome<HeldLock>> {
  try {
    return await lock.acquire('start')
  } catch (cause) {
    if (cause instanceof Fault) return { ok: false, fault: cause }
    throw cause
  }
}

/** Loads what CURRENT and the history say and leaves everything as it is. */
async function bootReadOnly(installation: Installation, why: Fault): Promise<Booted> {
  const { disk, paths, slot, log } = installation
  const notes: string[] = []
  const note = (text: string) => {
    notes.push(text)
    log.write('error', 'model.readOnly', text)
  }
  const { code, message, place = paths.root, fix = '' } = why
  note(`${place}: ${message} (${code}). The set in charge decides, nothing is installed or recorded. ${fix}`.trimEnd())
  const read = await currentFile(disk, paths, slot.name).read()
  if (!read.ok) note(`CURRENT ${read.fault.message}; the history says what was in charge`)
  const current = read.ok ? read.value : undefined
  const chosenEmpty = current?.digest === null
  const chain = chosenEmpty ? [] : await chainOf(current, installation)
  const [active, previous] = await firstTwo(chain, digest => loadStored(digest, installation, note))
  if (previous !== undefined) slot.swap(previous)
  if (active !== undefined) slot.swap(active)
  const empty = chosenEmpty || chain.length === 0
  const state =
    active === undefined ? (empty ? 'empty' : 'hold') : active.digest === current?.digest ? 'active' : 'recovered'
  return { state, inCharge: active, notes, readOnly: true, healthy: () => Promise.resolve() }
}

/** The set in charge and the way back from it. */
async function firstTwo(
  chain: readonly string[],
  loadOne: (digest: string, toDecide: boolean) => Promise<ModelSet | undefined>,
): Promise<readonly ModelSet[]> {
  const loaded: ModelSet[] = []
  for (const digest of chain) {
    const set = await loadOne(digest, loaded.length === 0)
    if (set !== undefined) loaded.push(set)
    if (loaded.length === 2) break
  }
  return loaded
}

async function boot(installation: Installation): Promise<Booted> {
  const { slot, registry, log } = installation
  const notes: string[] = []
  const note = (text: string) => {
    notes.push(text)
    log.write('warn', 'model.boot', text)
  }
  await prepareDirectories(installation)
  await sweepStaging(installation)
  await sweepHalfFiles(installation)
  const found = await completeRollback(await readCurrent(installation, note), installation, note)
  const counter = bootCounter(installation)
  const healthy = () => counter.clear()
  const past = handoversOf(await registry.events(), slot.name)
  const chosenEmpty = !found.broken && (found.current === undefined ? past.length === 0 : found.current.digest === null)
  if (chosenEmpty) return { state: 'empty', inCharge: undefined, notes, healthy }

  const chain = await chainOf(found.current, installation)
  const [active, previous] = await firstTwo(chain, (digest, toDecide) => load(digest, toDecide, installation, note))
  if (previous !== undefined) slot.swap(previous)
  if (active !== undefined) slot.swap(active)
  await repair(found.current, active, previous, installation, note)
  const state = active === undefined ? 'hold' : active.digest === found.current?.digest ? 'active' : 'recovered'
  if (state === 'hold') note('none of the sets that were in charge can be loaded: no entries until one is installed')
  return { state, inCharge: active, notes, healthy }
}

/** Active, previous, whatever was in charge before that, and last what a person has pinned; never a blocked one. */
async function chainOf(current: Current | undefined, installation: Installation): Promise<readonly string[]> {
  const { registry, slot } = installation
  const chain = new Set(await wayBack(installation, [current?.digest ?? null, current?.prevDigest ?? null]))
  const pin = await pinOf(registry, slot.name)
  if (pin !== undefined && (await registry.blockOf(pin.digest)) === undefined) chain.add(pin.digest)
  return [...chain]
}

/** What a dead process had begun to write; whoever writes now waits for this start's lock. */
async function sweepHalfFiles({ disk, paths }: Installation): Promise<void> {
  const half = (await disk.list(paths.state)).filter(({ name, kind }) => kind === 'file' && name.endsWith('.tmp'))
  for (const { name } of half) await disk.remove(`${paths.state}/${name}`)
}

async function readCurrent({ disk, paths, slot }: Installation, note: (text: string) => void): Promise<Found> {
  const read = await currentFile(disk, paths, slot.name).read()
  if (read.ok) return { current: read.value, broken: false }
  note(`CURRENT ${read.fault.message}; the history says what was in charge`)
  // A link or a directory in its place would stop the next write.
  await disk.remove(paths.current(slot.name))
  return { current: undefined, broken: true }
}

/** A rollback that was decided and not finished. */
async function completeRollback(
  found: Found,
  installation: Installation,
  note: (text: string) => void,
): Promise<Found> {
  const file = rollbackIntent(installation)
  const read = await file.read()
  if (read.ok && read.value === undefined) return found
  if (!read.ok) note(`the intent of a rollback ${read.fault.message}`)
  const intent = read.ok ? read.value : undefined
  let current = found.current
  if (intent !== undefined) {
    const { disk, paths, slot, registry } = installation
    if (current === undefined || current.digest === intent.from) {
      note(`a rollback from ${intent.from} was not finished: ${intent.cause}`)
      current = { ...currentAfter(current, slot.name, intent.to), prevDigest: null, canary: 'closed' }
      await currentFile(disk, paths, slot.name).write(current)
    }
    const last = handoversOf(await registry.events(), slot.name).at(-1)
    const recorded = last?.event === 'rolledBack' && last.from === intent.from && last.to === intent.to
    if (!recorded || (await registry.blockOf(intent.from)) === undefined) await recordRollback(intent, installation)
  }
  await file.remove()
  return intent === undefined ? found : { current, broken: false }
}

async function load(
  digest: string,
  toDecide: boolean,
  installation: Installation,
  note: (text: string) => void,
): Promise<ModelSet | undefined> {
  const counter = bootCounter(installation)
  const { registry, clock } = installation
  if (toDecide && (await counter.starts(digest)) >= MAX_FAILED_STARTS) {
    const reason = `${MAX_FAILED_STARTS} starts with it failed`
    note(`${digest} is quarantined: ${reason}`)
    await registry.block({ digest, at: clock.now(), code: 'QUARANTINED', reason })
    const states = new Map<string, ReleaseState>([[digest, 'quarantined']])
    await registry.append(eventOf(installation, { event: 'blocked', from: digest, to: digest, cause: reason }), states)
    return undefined
  }
  if (toDecide) await counter.raise(digest)
  return loadStored(digest, installation, note)
}

async function loadStored(
  digest: string,
  installation: Installation,
  note: (text: string) => void,
): Promise<ModelSet | undefined> {
  const release = await reopenRelease(installation, digest)
  const set = release.ok ? await openModelSet(release.value, installation.evaluators) : release
  if (set.ok) return set.value
  note(`${digest} cannot be loaded: ${set.fault.code} ${set.fault.place ?? ''} ${set.fault.message}`)
  return undefined
}

/** Makes CURRENT and the registry say what is in charge now. */
async function repair(
  current: Current | undefined,
  active: ModelSet | undefined,
  previous: ModelSet | undefined,
  installation: Installation,
  note: (text: string) => void,
): Promise<void> {
  const { disk, paths, slot, registry } = installation
  // Nothing to load is a fault of today's disk, perhaps not of tomorrow's: what CURRENT says stays.
  if (active === undefined) return
  if (current?.digest !== active.digest) {
    const prevDigest = previous?.digest ?? null
    await currentFile(disk, paths, slot.name).write({ ...currentAfter(current, slot.name, active.digest), prevDigest })
  }
  const last = handoversOf(await registry.events(), slot.name).at(-1)
  if (last?.to === active.digest) return
  const cause = current?.digest === active.digest ? 'history repaired from CURRENT' : 'recovered at start'
  note(`${cause}: ${active.releaseId} is in charge`)
  const states = new Map<string, ReleaseState>([[active.digest, 'active']])
  if (previous !== undefined) states.set(previous.digest, 'previous')
  const change = { event: 'recovered', from: last?.to ?? null, to: active.digest, cause } as const
  await registry.append(eventOf(installation, change), states)
}
