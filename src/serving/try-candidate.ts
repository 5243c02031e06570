// A verified release on trial (s5 of SRV-01): loaded, probed in a process of its own, asked by every gate, ready to be warmed up.

import { type Fault, type Outcome, refused } from '../base/fault.ts'
import type { VerifiedRelease } from '../release/release.ts'
import type { GateContext } from './gates/gate.ts'
import { type GateReport, type GateRun, runGates } from './gates/run.ts'
import { eventOf, type Installation } from './installation.ts'
import { measure } from './measure.ts'
import { type ModelSet, modelsDigest, openModelSet } from './model-set.ts'
import type { ReleaseState } from './registry.ts'
import { gateRow, memberRows, releaseRow } from './registry-rows.ts'
import { type Recorded, warmRows, warmUp } from './warm-up.ts'

export type TrialOptions = {
  readonly installation: Installation
  /** What the gates are asked with: this bot's columns, limits, bars and scores; gathered only when a release comes this far. */
  readonly gateContext: (
    release: VerifiedRelease,
    candidate: Outcome<ModelSet>,
    champion: ModelSet | undefined,
  ) => GateContext | Promise<GateContext>
  /** Told what the gates said of each candidate, before anything comes of it. */
  readonly onJudged?: ((report: GateReport) => Promise<void>) | undefined
  /** What was decided last, to warm a set up with. */
  readonly recorded?: Recorded | undefined
  /** Ends a probe. */
  readonly signal?: AbortSignal | undefined
}

export type Tried = {
  readonly candidate: Outcome<ModelSet>
  readonly gates: GateRun
  /** Why its probe failed: proven harm, whatever the gates say. */
  readonly harm: Fault | undefined
  /** This machine could not try it today, for which no model is to blame: it may be otherwise at the next pass. */
  readonly notNow: Fault | undefined
  /** For just before the swap. */
  readonly warmUp: () => Promise<Outcome<void>>
  /** For a candidate that does not take charge. */
  readonly release: () => void
}

/** @param override of gates whose no is set aside by a person */
export async function tryCandidate(
  release: VerifiedRelease,
  { installation, gateContext, onJudged, recorded, signal }: TrialOptions,
  champion: ModelSet | undefined,
  override?: GateContext['override'],
): Promise<Tried> {
  const candidate = await openModelSet(release, installation.evaluators)
  const context = await gateContext(release, candidate, champion)
  const measured = await measure(context, installation, signal)
  const asked: GateContext = { ...context, measured, ...(override && { override }) }
  const gates = runGates(asked)
  await onJudged?.(gates.report)
  const fault = measured?.ok === false ? measured.fault : undefined
  return {
    candidate,
    gates,
    harm: fault?.code === 'MODEL_PROBE_FAILED' ? fault : undefined,
    notNow: notNow(candidate, fault, context),
    release: () => void (candidate.ok && candidate.value.release?.()),
    async warmUp() {
      if (!candidate.ok) return candidate
      return warmUp(candidate.value, warmRows(asked, recorded), context.limits)
    },
  }
}

/** A bot that is live does not go without measurements, and no bot without a process for what only a process runs. */
function notNow(
  candidate: Outcome<ModelSet>,
  measured: Fault | undefined,
  { profile }: GateContext,
): Fault | undefined {
  if (!candidate.ok) return candidate.fault.code === 'HOST_UNAVAILABLE' ? candidate.fault : undefined
  return measured?.code === 'PROBE_UNAVAILABLE' && profile === 'live' ? measured : undefined
}

/** A release that broke the probe, and its models under whatever name they come again, are never tried again (SRV-12). */
export async function quarantine(
  release: VerifiedRelease,
  harm: Fault,
  gates: GateRun,
  installation: Installation,
): Promise<Outcome<never>> {
  const { registry, clock, slot, log } = installation
  const { manifest, manifestSha256: digest } = release
  const at = clock.now()
  const { code, message } = harm
  const place = harm.place === undefined ? {} : { place: harm.place }
  const reason = [place.place, message].filter(part => part !== undefined).join(': ')
  for (const each of [digest, modelsDigest(manifest)]) await registry.block({ digest: each, at, code, reason })
  await registry.saveRelease(releaseRow(release, 'quarantined', at), memberRows(release), gateRow(gates, at))
  const states = new Map<string, ReleaseState>([[digest, 'quarantined']])
  const from = slot.current()?.digest ?? null
  const change = { event: 'refused', from, to: digest, cause: reason, gateReportSha256: gates.sha256 } as const
  await registry.append(eventOf(installation, change), states)
  log.write('error', 'model.quarantined', `Model quarantined - keeping current model: ${reason}`)
  return refused(code, message, { ...place, cause: harm })
}
