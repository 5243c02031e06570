// What runs, how far it is, who is in charge: the one answer that every page begins with.

import { pinIsOld, pinOf } from '../../serving/pins.ts'
import type { ReleaseRow } from '../../serving/registry.ts'
import type { RiskStateName } from '../../trading/decision.ts'
import { type KillScope, stopsTrading } from '../../trading/kill-scopes.ts'
import type { StoredRun } from '../../trading/read-model.ts'
import type { KillSwitch } from '../kill-file.ts'
import { type Loosened, loosenedIn } from '../loosened.ts'
import { slotOf } from '../model-catalogue.ts'
import type { LiveState } from '../run-control.ts'
import type { RunEventBodies } from '../run-event.ts'
import type { Settings } from '../settings.ts'
import { type Counts, countsOf } from './counts-view.ts'
import { type DataView, dataView } from './data-view.ts'
import { bannerOf, dataNoteOf } from './notes.ts'
import type { DocumentShelf } from './release-documents.ts'
import { factsOf, findRun, type RunView, runView } from './run-view.ts'
import { nowView, type TrainingNowView } from './training-views.ts'
import type { ViewPorts } from './view-ports.ts'

export type LiveView = Omit<LiveState, 'training'> & { training: TrainingNowView | null }

export type SlotView = {
  slot: string
  releaseId: string | null
  label: string | null
  digest: string | null
  since: number | null
  sinceBar: number | null
  fitEnd: number | null
  issuedAt: number | null
  expiresAt: number | null
  /** A person keeps the slot as it is; `old`: for a week or longer. */
  pin: { digest: string; label: string | null; at: number; actor: string; reason: string; old: boolean } | null
}

export type AccountView = {
  equity: number
  capital: number
  peak: number
  drawdown: number
  hold: number
  previous: number | null
  position: number
  openRisk: number | null
}

export type StatusView = {
  name: 'ratchet'
  version: string
  mode: 'PAPER' | 'LIVE' | 'HALTED'
  banner: string[]
  dataNote: string
  run: RunView | null
  live: LiveView | null
  killed: { reason: string; scopes: KillScope[] } | null
  risk: { state: RiskStateName; cause: string } | null
  account: AccountView | null
  slots: SlotView[]
  /** The newest signed word of the channel. */
  channel: { signedAt: number; ageMs: number } | null
  /** The bars that a loop by the clock works on; null in a replay. */
  data: DataView | null
  /** A release that passes its gates takes charge by itself. */
  autoPromote: boolean
  loosened: Loosened[]
  counts: Counts
  lastSeq: number
}

const dollars = (micros: number): number => micros / 1e6

/** Planned loss of the open position; null where none is open or its decision is not kept. */
async function openRisk(run: StoredRun, position: number, { records }: ViewPorts): Promise<number | null> {
  if (position === 0) return null
  const fills = await records.fills({ runId: run.runId, limit: 20, newestFirst: true })
  const entry = fills.find(({ role }) => role === 'entry')
  const decision = entry === undefined ? undefined : await records.decisionNamed(run.runId, entry.decisionId)
  const sizing = decision?.sizing ?? undefined
  return sizing === undefined ? null : dollars(sizing.lossPerLotMicros * Math.abs(position))
}

async function accountOf(
  run: StoredRun,
  told: RunEventBodies['bar'] | undefined,
  ports: ViewPorts,
): Promise<AccountView | null> {
  const last = await ports.records.lastPoint(run.runId)
  if (last === undefined) return null
  const { capital } = await factsOf(run, ports)
  const equity = dollars(last.equityMicros)
  const peak = Math.max(capital, dollars((await ports.records.peakMicros(run.runId)) ?? last.equityMicros))
  const position = await ports.records.position(run.runId)
  return {
    equity,
    capital,
    peak,
    drawdown: Math.max(0, (peak - equity) / peak),
    hold: last.holdMicros === null ? (told?.hold ?? capital) : dollars(last.holdMicros),
    previous: last.previousMicros === null ? null : dollars(last.previousMicros),
    position,
    openRisk: await openRisk(run, position, ports),
  }
}

async function slotView(
  run: StoredRun | undefined,
  shelf: DocumentShelf,
  { registry, records, clock }: ViewPorts,
): Promise<SlotView> {
  const slot = slotOf(run?.channel)
  const event = await registry.lastHandover(slot)
  const digest = event?.to ?? null
  const rows = await registry.releases()
  const row = rows.find(known => known.digest === digest)
  const facts = row === undefined ? undefined : await shelf.factsOf(row.digest)
  const pin = await pinOf(registry, slot)
  // A run has a clock of its own.
  const now = (run === undefined ? undefined : (await records.lastPoint(run.runId))?.at) ?? clock.now()
  const passed = run === undefined || event === undefined ? 0 : await records.pointsUntil(run.runId, event.at)
  return {
    slot,
    releaseId: row?.releaseId ?? null,
    label: row?.label ?? null,
    digest,
    since: event?.at ?? null,
    sinceBar: passed === 0 ? null : passed - 1,
    fitEnd: facts?.fitEnd ?? null,
    issuedAt: facts?.issuedAt ?? null,
    expiresAt: facts?.expiresAt ?? null,
    pin: pin === undefined ? null : { ...pin, label: labelOf(rows, pin.digest), old: pinIsOld(pin, now) },
  }
}

/** A loop by the clock knows it; a replay signs when it publishes. */
async function channelOf(
  run: StoredRun,
  signedLive: number | undefined,
  { records, clock }: ViewPorts,
): Promise<StatusView['channel']> {
  const [published] = signedLive === undefined ? await records.newestEvents(run.runId, ['published'], 1) : []
  const signedAt = signedLive ?? published?.at
  if (signedAt === undefined) return null
  const now = (await records.lastPoint(run.runId))?.at ?? clock.now()
  return { signedAt, ageMs: Math.max(0, now - signedAt) }
}

const labelOf = (rows: readonly ReleaseRow[], digest: string): string | null =>
  rows.find(row => row.digest === digest)?.label ?? null

/** A run of an earlier version knew fewer keys. */
async function settingsOf(run: StoredRun, { records }: ViewPorts): Promise<Partial<Settings>> {
  return JSON.parse((await records.configuration(run.configSnapshot)) ?? '{}') as Partial<Settings>
}

const NOTHING: Counts = {
  trainings: 0,
  trainingsFailed: 0,
  trainingsSkipped: 0,
  published: 0,
  installed: 0,
  refused: 0,
  decisions: 0,
  trades: 0,
}

export async function statusView(
  shelf: DocumentShelf,
  kill: Pick<KillSwitch, 'pulled'>,
  ports: ViewPorts,
): Promise<StatusView> {
  const { records, control } = ports
  // First: what the rest knows beyond it comes again as events, and nothing is missed.
  const lastSeq = (await records.eventSpan()).newest
  const run = await findRun(undefined, ports)
  const live = control.live()
  const [bar] = run === undefined ? [] : await records.newestEvents(run.runId, ['bar'], 1)
  const told = bar === undefined ? undefined : (JSON.parse(bar.body) as RunEventBodies['bar'])
  const decided = told === undefined && run !== undefined ? await records.lastDecision(run.runId) : undefined
  const state = told?.riskState ?? decided?.riskState
  const risk = state === undefined ? null : { state, cause: told?.riskCause ?? decided?.riskCause ?? '' }
  const killed = (await kill.pulled()) ?? null
  const settings = run && (await settingsOf(run, ports))
  return {
    name: 'ratchet',
    version: ports.version,
    mode: (killed !== null && stopsTrading(killed)) || risk?.state === 'HALTED' ? 'HALTED' : 'PAPER',
    banner: [...(ports.banner ?? bannerOf(run?.symbol))],
    dataNote: ports.dataNote ?? (run === undefined ? '' : await dataNoteOf(run, ports)),
    run: run === undefined ? null : await runView(run, ports),
    live: live === undefined ? null : { ...live, training: nowView(ports) },
    killed: killed && { ...killed, scopes: [...killed.scopes] },
    risk,
    account: run === undefined ? null : await accountOf(run, told, ports),
    slots: [await slotView(run, shelf, ports)],
    channel: run === undefined ? null : await channelOf(run, live?.signedAt, ports),
    data: run === undefined ? null : await dataView(run, settings ?? {}, ports),
    autoPromote: settings?.promotion?.auto ?? true,
    loosened: loosenedIn(settings ?? {}),
    counts: run === undefined ? NOTHING : await countsOf(run, ports),
    lastSeq,
  }
}
