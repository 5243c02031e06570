// Takes the set in charge back (SRV-60 to SRV-62): memory first of all, then CURRENT, then the history. Nothing about the book or the
// clock delays it.

import { z } from 'zod'
import { accepted, type Outcome, refused } from '../base/fault.ts'
import { currentAfter, currentFile } from './current.ts'
import { eventOf, faultOf, type Installation } from './installation.ts'
import { type ModelSet, modelsDigest, openModelSet } from './model-set.ts'
import { recordParameters } from './record-parameters.ts'
import type { ReleaseState } from './registry.ts'
import { reopenRelease, type Trust } from './reopen.ts'
import { stampedFile } from './stamped-file.ts'
import { wayBack } from './way-back.ts'

const intentShape = z.strictObject({
  from: z.string(),
  to: z.string().nullable(),
  cause: z.string(),
  proven: z.boolean(),
  at: z.int(),
})
type Intent = Readonly<z.infer<typeof intentShape>>

/** What was decided but may not have been written yet: a boot completes it. */
export const rollbackIntent = ({ disk, paths }: Pick<Installation, 'disk' | 'paths'>) =>
  stampedFile<Intent>(disk, paths.rollback, intentShape)

export type RollbackRequest = {
  readonly cause: string
  /** Proven harm quarantines the digest and its models; without proof it is only kept from coming back by itself (SRV-61). */
  readonly proven: boolean
  /** A release of the history; the set before this one where absent. */
  readonly to?: string | undefined
  /** The keys of today, which a target chosen by hand must still satisfy (SRV-62). */
  readonly trust?: Trust | undefined
}

export type RolledBack = {
  readonly from: string
  /** Null: nothing was left to go back to, the rule-based baseline decides. */
  readonly to: string | null
  /** False where CURRENT or the history could not be written; the intent on disk or the log says so. */
  readonly durable: boolean
}

async function targetOf(request: RollbackRequest, installation: Installation): Promise<Outcome<ModelSet | undefined>> {
  const { slot, registry, log } = installation
  const from = slot.current()!.digest
  const resident = slot.previous()
  if (request.to !== undefined) {
    const block = await registry.blockOf(request.to)
    if (block !== undefined) return refused('RELEASE_BLOCKED', `${request.to} is blocked: ${block.reason}`)
    const release = await reopenRelease(installation, request.to, request.trust)
    return release.ok ? openModelSet(release.value, installation.evaluators) : release
  }
  // Neither the registry nor the disk is asked where the way back is in memory.
  if (resident !== undefined && resident.digest !== from) return accepted(resident)
  for (const digest of await knownWayBack(installation)) {
    if (digest === from) continue
    const release = await reopenRelease(installation, digest)
    const set = release.ok ? await openModelSet(release.value, installation.evaluators) : release
    if (set.ok) return set
    log.write('warn', 'model.rollback.skipped', `${digest} cannot be gone back to: ${set.fault.message}`)
  }
  return accepted(undefined)
}

/** With the registry down CURRENT still knows the set before this one. */
async function knownWayBack(installation: Installation): Promise<readonly string[]> {
  try {
    return await wayBack(installation)
  } catch (cause) {
    const { disk, paths, slot, log } = installation
    log.write('error', 'model.rollback.registry', `the registry does not answer: ${faultOf(cause).message}`)
    const current = await currentFile(disk, paths, slot.name).read()
    return current.ok && current.value?.prevDigest ? [current.value.prevDigest] : []
  }
}

/** r3 to r5. */
async function makeDurable(intent: Intent, installation: Installation): Promise<void> {
  const { disk, paths, slot } = installation
  const file = currentFile(disk, paths, slot.name)
  const before = await file.read()
  const known = before.ok ? before.value : undefined
  if (known?.digest !== intent.to) {
    const [prevDigest = null] = (await wayBack(installation)).filter(one => one !== intent.to && one !== intent.from)
    await file.write({ ...currentAfter(known, slot.name, intent.to), prevDigest, canary: 'closed' })
  }
  await recordRollback(intent, installation)
  await rollbackIntent(installation).remove()
}

/** r4, r5: the history, the states, and the block that keeps the next poll from installing it again. */
export async function recordRollback(intent: Intent, installation: Installation): Promise<void> {
  const { registry } = installation
  const states = new Map<string, ReleaseState>([[intent.from, intent.proven ? 'quarantined' : 'retired']])
  if (intent.to !== null) states.set(intent.to, 'active')
  const { from, to, cause, at } = intent
  await registry.append(eventOf(installation, { event: 'rolledBack', from, to, cause }), states)
  const code = intent.proven ? 'QUARANTINED' : 'ROLLED_BACK'
  await registry.block({ digest: from, at, code, reason: cause })
  await recordParameters({ from, to, reason: `rolled back: ${cause}` }, installation)
  if (!intent.proven) return
  // Whoever signed it: what failed is blocked by its models too.
  const { disk, paths, store } = installation
  const failed = await reopenRelease({ disk, paths, store }, from)
  if (failed.ok) await registry.block({ digest: modelsDigest(failed.value.manifest), at, code, reason: cause })
}

/** What a kill right after the swap would find: with the intent on disk the set that was taken back does not return (SRV-60). */
const INTENT_MS = 20

async function aMoment(written: Promise<void>, { timer }: Installation): Promise<void> {
  if (timer === undefined) return
  const over = new AbortController()
  const late = timer.sleep(INTENT_MS, over.signal).catch(() => undefined)
  await Promise.race([written, late])
  over.abort()
}

/** An install that was committing put another set in charge in that moment: the one that failed must only not come back. */
async function replacedMeanwhile(intent: Intent, installation: Installation): Promise<Outcome<RolledBack>> {
  const { slot, registry } = installation
  const { from, cause, at, proven } = intent
  if (slot.previous()?.digest === from) slot.dropPrevious()
  if (proven) slot.unpinSet(from)
  await rollbackIntent(installation).remove()
  await registry.block({ digest: from, at, code: proven ? 'QUARANTINED' : 'ROLLED_BACK', reason: cause })
  return accepted({ from, to: slot.current()?.digest ?? null, durable: true })
}

/**
 * Refusals: `NOTHING_IN_CHARGE`; for a chosen target `RELEASE_BLOCKED` and those of reopening it. Once the target is known the slot is
 * swapped whatever happens on disk.
 *
 * @example
 * await rollBack({ cause: 'F7: drawdown over 1,000', proven: true }, installation)
 */
export async function rollBack(request: RollbackRequest, installation: Installation): Promise<Outcome<RolledBack>> {
  const { slot, lock, clock, log } = installation
  const failed = slot.current()
  if (failed === undefined)
    return refused('NOTHING_IN_CHARGE', 'no release is in charge, so there is none to take back')
  const target = await targetOf(request, installation)
  if (!target.ok) return target
  const to = target.value?.digest ?? null
  const { cause, proven } = request
  const intent: Intent = { from: failed.digest, to, cause, proven, at: clock.now() }
  let durable = true
  const tell = (what: string) => (thrown: unknown) => {
    durable = false
    const fault = faultOf(thrown)
    log.write('error', 'model.rollback.doubt', `${what} of the rollback failed: ${fault.message}`, {
      fault: fault.toJSON(),
    })
  }
  // r1: a boot that finds the intent completes it. r2 does not wait for a slow disk.
  const written = rollbackIntent(installation).write(intent).catch(tell('the intent'))
  await aMoment(written, installation)
  if (slot.current() !== failed) {
    await written
    return replacedMeanwhile(intent, installation)
  }
  slot.swap(target.value)
  slot.dropPrevious()
  if (proven) slot.unpinSet(failed.digest)
  await written
  const held = await lock.join('rollback')
  if (held.ok) {
    await lock.alone(() => makeDurable(intent, installation)).catch(tell('a write'))
    await held.value.release().catch(tell('the lock'))
  } else tell('the lock')(held.fault)
  log.write(
    'warn',
    'model.rolledBack',
    `Model rolled back - ${failed.releaseId} to ${target.value?.releaseId ?? 'the baseline'}`,
    {
      cause,
    },
  )
  return accepted({ from: failed.digest, to, durable })
}
