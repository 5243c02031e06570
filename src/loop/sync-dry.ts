// What a pass over a release source would come to: fetched, verified and asked by the gates as in `syncOnce`, and nothing is written.

import { type Outcome, refused } from '../base/fault.ts'
import { candidateReader } from '../release/fetch.ts'
import { highWaterFile } from '../release/high-water.ts'
import type { ReleaseReader } from '../release/reader.ts'
import type { VerifiedRelease } from '../release/release.ts'
import type { ReleaseSource } from '../release/source.ts'
import { verifyRelease } from '../release/verify.ts'
import { currentFile } from '../serving/current.ts'
import type { GateReport } from '../serving/gates/run.ts'
import type { Installation } from '../serving/installation.ts'
import { asRefusal } from '../serving/judge.ts'
import { knownMark } from '../serving/known-mark.ts'
import { type ModelSet, modelsDigest, openModelSet } from '../serving/model-set.ts'
import { pinOf } from '../serving/pins.ts'
import { pauseSentence, promotionPause } from '../serving/promotion-pause.ts'
import { reopenRelease } from '../serving/reopen.ts'
import { modelSlot } from '../serving/slot.ts'
import { tryCandidate } from '../serving/try-candidate.ts'
import { installationOf } from './installation-of.ts'
import { SLOT } from './model-catalogue.ts'
import { policyOf } from './policy-of.ts'
import type { Ports, State } from './ports.ts'
import { verifyingRing } from './signing-key.ts'
import type { SyncRequest } from './sync-once.ts'
import { onStoredBars } from './sync-pass.ts'

export type DryCandidate = {
  readonly releaseId: string | null
  readonly digest: string | null
  /** `install`: a pass would put it in charge. `wait`: a person would have to promote it. `skip`: known already. */
  readonly would: 'install' | 'wait' | 'skip' | 'refuse'
  /** Why it would not be installed. */
  readonly code: string | null
  readonly file: string | null
  readonly detail: string
  /** Null where it did not come so far. */
  readonly gates: GateReport | null
}

export type DryRun = { readonly candidates: readonly DryCandidate[]; readonly inCharge: string | null }

type Bot = {
  readonly installation: Installation
  readonly champion: ModelSet | undefined
}

/** The set in charge, read as a start would read it, without the start. */
async function botOf(state: State, ports: Ports): Promise<Bot> {
  const { clock, probe, hosts } = ports
  const installation = installationOf({ state, ports, slot: modelSlot(SLOT), clock, actor: 'sync', probe, hosts })
  const current = await currentFile(ports.disk, installation.paths, SLOT).read()
  const digest = current.ok ? (current.value?.digest ?? null) : null
  const release = digest === null ? undefined : await reopenRelease(installation, digest)
  const set = release?.ok === true ? await openModelSet(release.value, installation.evaluators) : undefined
  return { installation, champion: set?.ok === true ? set.value : undefined }
}

/** Faults: those of the source that keep it from being asked at all, `KEY_…`, and `HWM_LOST`. */
export async function syncDry({ source, symbol, signal }: SyncRequest, state: State, ports: Ports): Promise<DryRun> {
  const place = ports.source(source)
  const bot = await botOf(state, ports)
  const candidates: DryCandidate[] = []
  try {
    const discovery = await place.discover(undefined, signal)
    for (const candidate of discovery.kind === 'found' ? discovery.candidates : []) {
      const one = await tried(place, candidate, { symbol, signal }, bot, state, ports)
      candidates.push(one)
      // As in a pass: those behind it are older, or the same from elsewhere.
      if (one.would !== 'refuse') break
    }
  } finally {
    bot.champion?.release?.()
  }
  return { candidates, inCharge: bot.champion?.releaseId ?? null }
}

type Candidate = Parameters<typeof candidateReader>[1]

async function tried(
  place: ReleaseSource,
  candidate: Candidate,
  { symbol, signal }: Pick<SyncRequest, 'symbol' | 'signal'>,
  bot: Bot,
  state: State,
  ports: Ports,
): Promise<DryCandidate> {
  const { trusted } = await verifyingRing(state.directory, ports)
  const symbols = symbol === undefined ? [] : [symbol]
  const policy = policyOf({ profile: 'paper', symbols, keys: trusted }, ports)
  const reader = await candidateReader(place, candidate, policy, ports.clock, signal).catch(asRefusal)
  const verified = reader.ok ? await verifiedBy(reader.value, policy, bot, ports).catch(asRefusal) : reader
  if (!verified.ok) return refusal(undefined, verified)
  const release = verified.value
  const digest = release.manifestSha256
  if (digest === bot.champion?.digest) return answer(release, 'skip', 'in charge already')
  const { registry } = bot.installation
  const block = (await registry.blockOf(digest)) ?? (await registry.blockOf(modelsDigest(release.manifest)))
  if (block !== undefined) return answer(release, 'skip', `blocked: ${block.reason}`)
  const { gateContext } = onStoredBars({ symbol, actor: 'sync', act: () => `dry-${digest}` }, state, ports)
  const trial = await tryCandidate(release, { installation: bot.installation, gateContext, signal }, bot.champion)
  try {
    const { report } = trial.gates
    const fault = trial.notNow ?? trial.harm
    if (fault !== undefined) return { ...refusal(release, { ok: false, fault }), gates: report }
    if (report.verdict === 'fail' || !trial.candidate.ok) {
      const reason = report.results.find(({ gate }) => gate === report.decidedBy)?.reason ?? 'failed'
      const no = refused('GATE_REFUSED', reason, { place: report.decidedBy ?? undefined })
      return { ...refusal(release, no), gates: report }
    }
    const pin = await pinOf(registry, SLOT)
    if (pin !== undefined) return { ...answer(release, 'wait', `the slot is pinned: ${pin.reason}`), gates: report }
    const pause = await promotionPause(registry, SLOT, ports.clock.now())
    if (pause !== undefined) return { ...answer(release, 'wait', pauseSentence(pause)), gates: report }
    const byHand = ports.settings.promotion.auto ? undefined : 'promotion.auto is off: a person has to promote it'
    return { ...answer(release, byHand === undefined ? 'install' : 'wait', byHand ?? ''), gates: report }
  } finally {
    trial.release()
  }
}

async function verifiedBy(
  reader: ReleaseReader,
  policy: ReturnType<typeof policyOf>,
  { installation }: Bot,
  { clock, disk }: Ports,
): Promise<Outcome<VerifiedRelease>> {
  const mark = await knownMark(highWaterFile(disk, installation.paths.highWater), policy.channel, installation)
  return mark.ok ? verifyRelease(reader, policy, mark.value, clock) : mark
}

function answer(
  { manifest, manifestSha256 }: VerifiedRelease,
  would: DryCandidate['would'],
  detail: string,
): DryCandidate {
  return { releaseId: manifest.releaseId, digest: manifestSha256, would, code: null, file: null, detail, gates: null }
}

function refusal(release: VerifiedRelease | undefined, no: Outcome<never>): DryCandidate {
  if (no.ok) throw new Error('a refusal is expected')
  const { code, message, place } = no.fault
  return {
    releaseId: release?.manifest.releaseId ?? null,
    digest: release?.manifestSha256 ?? null,
    would: 'refuse',
    code,
    file: place ?? null,
    detail: message,
    gates: null,
  }
}
