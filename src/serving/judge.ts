// One candidate of a source, from its envelope to the slot or to the reason why not.

import { accepted, type Outcome, refused } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { type HighWaterFile, highWaterAfter } from '../release/high-water.ts'
import { readManifest } from '../release/manifest.ts'
import type { VerifyPolicy } from '../release/policy.ts'
import type { ReleaseReader } from '../release/reader.ts'
import type { VerifiedRelease } from '../release/release.ts'
import { openManifest, verifyRelease } from '../release/verify.ts'
import { keepConflict } from './conflicts.ts'
import type { GateRun } from './gates/run.ts'
import { type InstallRequest, installRelease } from './install.ts'
import { eventOf, faultOf, type Installation } from './installation.ts'
import { knownMark } from './known-mark.ts'
import { type ModelSet, modelsDigest } from './model-set.ts'
import { gateRow, memberRows, releaseRow } from './registry-rows.ts'
import { openStaging, type Staging, sweepStaging } from './staging.ts'
import { quarantine, type TrialOptions, type Tried, tryCandidate } from './try-candidate.ts'
import { isWaiting, leaveWaiting } from './waiting.ts'

export type JudgeOptions = TrialOptions & {
  readonly policy: VerifyPolicy
  readonly memory: HighWaterFile
  readonly awaitWindow?: InstallRequest['awaitWindow']
}

/** What one candidate came to. */
export type Judgement = {
  readonly outcome: Outcome<'installed' | 'waiting' | 'known'>
  readonly digest: string | null
  readonly releaseId: string | null
  readonly gates?: GateRun
}

export const asRefusal = (cause: unknown): Outcome<never> => ({ ok: false, fault: faultOf(cause) })

type Signed = { readonly digest: string; readonly label: string; readonly releaseId: string }

/** The manifest that trusted keys signed, by its names, without reading more than the envelope; undefined where that fails. */
async function signedNames(reader: ReleaseReader, { policy, installation }: JudgeOptions): Promise<Signed | undefined> {
  try {
    const opened = await openManifest(reader, policy, installation.clock.now())
    if (!opened.ok) return undefined
    const digest = sha256(opened.value.body)
    const manifest = readManifest(opened.value.body)
    const { label, releaseId } = manifest.ok ? manifest.value : { label: digest, releaseId: digest }
    return { digest, label, releaseId }
  } catch {
    // Whatever is wrong with it, the verification that follows says so with code and file.
    return undefined
  }
}

/** Never throws: whatever goes wrong is a refusal, and the set in charge stays. */
export async function judge(reader: ReleaseReader, options: JudgeOptions): Promise<Judgement> {
  const { installation } = options
  const signed = await signedNames(reader, options)
  const digest = signed?.digest ?? null
  let staged = false
  try {
    const champion = installation.slot.current()
    if (digest !== null && digest === champion?.digest) return known(digest, champion.releaseId)
    if (digest !== null && (await installation.registry.blockOf(digest)) !== undefined) return known(digest, null)
    const byHand = installation.autoPromote === false
    if (byHand && digest !== null && (await isWaiting(digest, installation))) return known(digest, null)
    const room = await installation.reserve?.(0)
    if (room?.ok === false) return { outcome: room, digest, releaseId: null }
    staged = true
    if (signed !== undefined) {
      const text = `[CLOUD-SYNC] Downloading new model: ${signed.label} from run ${signed.releaseId}`
      installation.log.write('info', 'sync.downloading', text)
    }
    return await verifyAndInstall(await openStaging(installation, reader), options, champion)
  } catch (cause) {
    return { outcome: asRefusal(cause), digest, releaseId: null }
  } finally {
    if (staged) await sweepStaging(installation).catch(told(installation))
  }
}

const told = (installation: Installation) => (cause: unknown) => {
  installation.log.write('warn', 'sync.staging', `staging could not be swept: ${faultOf(cause).message}`)
}

const known = (digest: string, releaseId: string | null): Judgement => ({
  outcome: accepted('known'),
  digest,
  releaseId,
})

async function verifyAndInstall(
  staging: Staging,
  options: JudgeOptions,
  champion: ModelSet | undefined,
): Promise<Judgement> {
  const { installation, policy, memory } = options
  const { clock, log, onStep } = installation
  const mark = await knownMark(memory, policy.channel, installation)
  if (!mark.ok) return { outcome: mark, digest: null, releaseId: null }
  const verified = await verifyRelease(staging.reader, policy, mark.value, clock)
  if (!verified.ok) {
    const last = verified.checks.at(-1)
    if (last?.name === 'read') {
      log.write('warn', 'sync.download.failed', `[CLOUD-SYNC] Failed to download artifact ${last.place}`)
    }
    log.write('warn', 'sync.refused', `${verified.fault.code}: ${verified.fault.message}`, {
      place: verified.fault.place,
    })
    await keepConflict(verified.fault, staging.reader, installation)
    return { outcome: verified, digest: null, releaseId: null }
  }
  const release = verified.value
  const { manifestSha256: digest, manifest } = release
  const judgement = { digest, releaseId: manifest.releaseId }
  onStep?.('s4')
  await memory.write(highWaterAfter(mark.value, release, release.pointer))
  const block = await installation.registry.blockOf(modelsDigest(manifest))
  if (block !== undefined) {
    return { outcome: refused('RELEASE_BLOCKED', `its models are blocked: ${block.reason}`), ...judgement }
  }
  log.write('info', 'sync.extracted', `[CLOUD-SYNC] Model extracted: ${installation.paths.staging}`, judgement)
  onStep?.('s5')
  log.write('info', 'model.reload', `[MODEL-RELOAD] Starting model reload: ${manifest.releaseId}`)
  const tried = await tryCandidate(release, options, champion)
  let inCharge = false
  try {
    const outcome = await settle(release, tried, staging, options)
    inCharge = outcome.ok && outcome.value === 'installed'
    return { outcome, ...judgement, gates: tried.gates }
  } finally {
    if (!inCharge) tried.release()
  }
}

/** What comes of a release that was tried. */
async function settle(
  release: VerifiedRelease,
  { candidate, gates, harm, notNow, warmUp }: Tried,
  staging: Staging,
  { installation, awaitWindow, signal }: JudgeOptions,
): Promise<Outcome<'installed' | 'waiting'>> {
  const { clock, log, registry } = installation
  if (notNow !== undefined) return { ok: false, fault: notNow }
  if (harm !== undefined) return quarantine(release, harm, gates, installation)
  if (gates.report.verdict === 'fail' || !candidate.ok) return recordRefusal(release, gates, installation)
  if (installation.autoPromote === false) {
    await leaveWaiting(release, gates, staging, installation)
    return accepted('waiting')
  }
  const { staging: place } = installation.paths
  log.write('info', 'sync.swapping', `[CLOUD-SYNC] Triggering model hot-swap for: ${place}`, {
    releaseId: release.manifest.releaseId,
  })
  const request = { release, set: candidate.value, gates, staging, awaitWindow, warmUp, signal }
  const installed = await installRelease(request, installation)
  if (installed.ok) return accepted('installed')
  const { code, message } = installed.fault
  // The same bytes on the same machine would come to the same.
  if (code === 'WARM_UP_PARITY') {
    await registry.block({ digest: release.manifestSha256, at: clock.now(), code, reason: message })
  }
  log.write('error', 'model.swap.failed', `Model hot-swap failed - keeping current model: ${code} ${message}`)
  return installed
}

/** A gate's no is remembered with its report: the same digest is not judged again at every poll. */
async function recordRefusal(
  release: VerifiedRelease,
  gates: GateRun,
  installation: Installation,
): Promise<Outcome<never>> {
  const { registry, clock, slot, log } = installation
  const { decidedBy, results, digest } = gates.report
  const reason = `${decidedBy}: ${results.find(({ gate }) => gate === decidedBy)?.reason ?? 'failed'}`
  const at = clock.now()
  await registry.saveRelease(releaseRow(release, 'refused', at), memberRows(release), gateRow(gates, at))
  const from = slot.current()?.digest ?? null
  const change = { event: 'refused', from, to: digest, cause: reason, gateReportSha256: gates.sha256 } as const
  await registry.append(eventOf(installation, change))
  await registry.block({ digest, at, code: 'GATE_REFUSED', reason })
  log.write('warn', 'model.refused', `Model refused - keeping current model: ${reason}`)
  return refused('GATE_REFUSED', reason, { place: decidedBy ?? undefined })
}
