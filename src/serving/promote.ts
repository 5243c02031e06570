// A person puts a release in charge (SRV-72): every gate is asked again, today, and the way in is the one of every other install.

import { accepted, Fault, type Outcome, refused } from '../base/fault.ts'
import { checkFreshness } from '../release/freshness.ts'
import type { ReleaseReader } from '../release/reader.ts'
import type { VerifiedRelease } from '../release/release.ts'
import { verifyRelease } from '../release/verify.ts'
import { BY_HAND } from './blocks.ts'
import type { GateRun } from './gates/run.ts'
import { type Installed, type InstallRequest, installRelease } from './install.ts'
import { eventOf, faultOf, type Installation } from './installation.ts'
import type { JudgeOptions } from './judge.ts'
import { modelsDigest } from './model-set.ts'
import { type Override, overrideOf } from './override.ts'
import { pinned, pinOf } from './pins.ts'
import type { Block, ReleaseState } from './registry.ts'
import { gateRow, memberRows, releaseRow } from './registry-rows.ts'
import { reopenRelease } from './reopen.ts'
import { openStaging, sweepStaging } from './staging.ts'
import { quarantine, type Tried, tryCandidate } from './try-candidate.ts'

export type PromoteRequest = {
  readonly digest: string
  readonly reason: string
  /** Gates whose no is set aside, each one of `OVERRIDABLE`. */
  readonly override?: readonly string[] | undefined
  /** Where its files are looked for, in turn, when the store does not hold them: of a refused release nothing is kept. */
  readonly readers?: readonly ReleaseReader[] | undefined
}

export type Promotion = { readonly outcome: Outcome<Installed>; readonly gates?: GateRun | undefined }

type Opened = { readonly release: VerifiedRelease; readonly staging: InstallRequest['staging'] }

/** Codes of blocks that asking all gates again answers; a person's block and proven harm are lifted by `unblock` alone. */
const ANSWERED: ReadonlySet<string> = new Set(['GATE_REFUSED', 'ROLLED_BACK'])

/**
 * Never throws: whatever goes wrong is a refusal, and the set in charge stays. Refusals: `ALREADY_IN_CHARGE`, `SLOT_PINNED`,
 * `RELEASE_BLOCKED`, `GATE_FINAL`, `GATE_REFUSED` naming the gate, `RELEASE_CHANGED`, those of verification and of `installRelease`.
 *
 * @example
 * const { outcome } = await promoteRelease({ digest, reason: 'looked at its card' }, options)
 * outcome.ok || outcome.fault.code // true, or 'GATE_REFUSED'
 */
export async function promoteRelease(request: PromoteRequest, options: JudgeOptions): Promise<Promotion> {
  const { installation } = options
  const held = await installation.lock
    .acquire('promote')
    .catch((cause: unknown) => ({ ok: false as const, fault: faultOf(cause) }))
  if (!held.ok) return { outcome: held }
  try {
    return await promote(request, options)
  } catch (cause) {
    return { outcome: { ok: false, fault: faultOf(cause) } }
  } finally {
    await sweepStaging(installation).catch(told('staging could not be swept', installation))
    await held.value.release().catch(told('the lock could not be given back', installation))
  }
}

async function promote(request: PromoteRequest, options: JudgeOptions): Promise<Promotion> {
  const { digest, reason } = request
  const { installation } = options
  const { slot, registry } = installation
  const champion = slot.current()
  if (champion?.digest === digest) {
    return { outcome: refused('ALREADY_IN_CHARGE', `release ${champion.label} is in charge already`) }
  }
  const override = overrideOf(request.override ?? [], installation.stamp.actor, reason)
  if (!override.ok) return { outcome: override }
  const pin = await pinOf(registry, slot.name)
  if (pin !== undefined) return { outcome: pinned(pin) }
  const blocked = await blockOn(digest, installation)
  if (!blocked.ok) return { outcome: blocked }
  const opened = await openRelease(request, options)
  if (!opened.ok) return { outcome: opened }
  const { release, staging } = opened.value
  const models = await blockOn(modelsDigest(release.manifest), installation)
  if (!models.ok) return { outcome: models }
  const tried = await tryCandidate(release, options, champion, override.value)
  const { gates } = tried
  let inCharge = false
  try {
    const outcome = await settle(
      request,
      { release, staging, tried, override: override.value, blocked: blocked.value },
      options,
    )
    inCharge = outcome.ok
    return { outcome, gates }
  } finally {
    if (!inCharge) tried.release()
  }
}

type Settled = Opened & {
  readonly tried: Tried
  readonly override: Override | undefined
  readonly blocked: Block | undefined
}

/** What comes of a release that was tried. */
async function settle(
  { digest, reason }: PromoteRequest,
  { release, staging, tried, override, blocked }: Settled,
  { installation, awaitWindow, signal }: JudgeOptions,
): Promise<Outcome<Installed>> {
  const { registry } = installation
  const { candidate, gates, harm, notNow, warmUp } = tried
  if (notNow !== undefined) return { ok: false, fault: notNow }
  if (harm !== undefined) return quarantine(release, harm, gates, installation)
  if (gates.report.verdict === 'fail' || !candidate.ok) return recordRefusal(release, gates, installation)
  const cause = override === undefined ? reason : `${reason} (${override.gates.join(', ')} set aside)`
  if (blocked !== undefined) await registry.unblock(digest)
  const request = { release, set: candidate.value, gates, staging, awaitWindow, warmUp, signal, cause }
  const outcome = await installRelease(request, installation)
  if (!outcome.ok && blocked !== undefined) await registry.block(blocked)
  return outcome
}

/** The block that the gates will answer, if there is one; any other is a refusal. */
async function blockOn(digest: string, { registry }: Installation): Promise<Outcome<Block | undefined>> {
  const block = await registry.blockOf(digest)
  if (block === undefined || ANSWERED.has(block.code)) return accepted(block)
  const by = block.code === BY_HAND ? 'blocked by a person' : 'quarantined'
  return refused('RELEASE_BLOCKED', `the release or its models are ${by}: ${block.reason}`, {
    fix: 'lift the block first, with a reason: ratchet models unblock RELEASE --reason TEXT',
  })
}

/** From the store, else from where it was published; either way signature, every byte and what it says of itself are checked again. */
async function openRelease({ digest, readers = [] }: PromoteRequest, options: JudgeOptions): Promise<Outcome<Opened>> {
  const { installation, policy } = options
  const { clock } = installation
  const { keys, required } = policy
  const nowMs = clock.now()
  const kept = await reopenRelease(installation, digest, { keys, required, nowMs })
  if (kept.ok) {
    const { manifest, manifestSha256 } = kept.value
    // No high-water mark: which version it shall be is what the person has chosen.
    const subject = { manifest, manifestSha256, signedBy: [] }
    const { outcome } = checkFreshness(subject, { policy, memory: undefined, nowMs })
    return outcome.ok ? accepted({ release: kept.value, staging: SHELVED }) : outcome
  }
  let fault = kept.fault
  for (const reader of readers) {
    const staging = await openStaging(installation, reader)
    const found = await verifyRelease(staging.reader, { ...policy, requirePointer: false }, undefined, clock)
    if (found.ok && found.value.manifestSha256 === digest) return accepted({ release: found.value, staging })
    fault = found.ok ? new Fault('RELEASE_CHANGED', 'another release lies where this one was published') : found.fault
  }
  return { ok: false, fault }
}

/** Its files are in the store already. */
const SHELVED: Opened['staging'] = { promote: () => Promise.resolve() }

/** The answer stays readable; what the release was before it stays too, and its block. */
async function recordRefusal(
  release: VerifiedRelease,
  gates: GateRun,
  installation: Installation,
): Promise<Outcome<never>> {
  const { registry, clock, slot, log } = installation
  const { decidedBy, results, digest } = gates.report
  const reason = `${decidedBy}: ${results.find(({ gate }) => gate === decidedBy)?.reason ?? 'failed'}`
  const state: ReleaseState = (await registry.releases()).find(row => row.digest === digest)?.state ?? 'refused'
  const at = clock.now()
  await registry.saveRelease(releaseRow(release, state, at), memberRows(release), gateRow(gates, at))
  const from = slot.current()?.digest ?? null
  const cause = `asked for by hand, ${reason}`
  await registry.append(
    eventOf(installation, { event: 'refused', from, to: digest, cause, gateReportSha256: gates.sha256 }),
  )
  log.write('warn', 'model.refused', `Model refused - keeping current model: ${reason}`)
  return refused('GATE_REFUSED', reason, { place: decidedBy ?? undefined })
}

const told =
  (what: string, { log }: Installation) =>
  (cause: unknown): void =>
    log.write('warn', 'model.promote', `${what}: ${faultOf(cause).message}`)
