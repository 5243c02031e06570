// Releases: what was trained, judged, installed, refused and taken back.

import { Fault } from '../../base/fault.ts'
import { BY_HAND } from '../../serving/blocks.ts'
import type { GateReport } from '../../serving/gates/run.ts'
import { handoversOf } from '../../serving/history.ts'
import type { ReleaseRow, ReleaseState } from '../../serving/registry.ts'
import { findRelease, REPLAY_SLOT, SLOT } from '../model-catalogue.ts'
import { type Page, type SortRequest, sortedPage } from './paging.ts'
import type { DocumentShelf } from './release-documents.ts'
import { type Tenure, tenuresOf } from './tenures.ts'
import type { ViewPorts } from './view-ports.ts'

export type ReleaseView = {
  digest: string
  releaseId: string
  label: string
  channel: string
  version: number
  state: ReleaseState
  firstSeen: number
  decidedBy: string | null
  reason: string | null
  blocked: boolean
  blockedByHand: boolean
  thin: boolean
  baselineRoles: string[]
  effectiveRows: number
  tenures: Tenure[]
}

type Ports = Pick<ViewPorts, 'registry' | 'records'>

export type Judgement = { readonly report: GateReport; readonly at: number }

/** What the gates said last. */
export async function judgementOf(
  digest: string,
  { registry }: Pick<Ports, 'registry'>,
): Promise<Judgement | undefined> {
  const row = (await registry.gateReports(digest)).at(-1)
  return row === undefined ? undefined : { report: JSON.parse(row.report) as GateReport, at: row.at }
}

/** Facts that all releases share, asked once. */
export async function releaseContext({ registry }: Pick<Ports, 'registry'>) {
  const events = await registry.events()
  const inCharge = new Set([SLOT, REPLAY_SLOT].map(slot => handoversOf(events, slot).at(-1)?.to ?? null))
  const tenures = tenuresOf(events)
  const blocks = new Map((await registry.blocks()).map(block => [block.digest, block]))
  return { inCharge, tenures, blocks }
}

type Context = Awaited<ReturnType<typeof releaseContext>>

export async function releaseView(
  row: ReleaseRow,
  { inCharge, tenures, blocks }: Context,
  shelf: DocumentShelf,
  ports: Pick<Ports, 'registry'>,
): Promise<ReleaseView> {
  const { digest, releaseId, label, channel, version, firstSeen } = row
  const { thin, baselineRoles, effectiveRows } = await shelf.factsOf(digest)
  // A replay that began later left the slot without touching the rows of the one before.
  const state = row.state === 'active' && !inCharge.has(digest) ? 'retired' : row.state
  const judged = row.state === 'refused' ? await judgementOf(digest, ports) : undefined
  const decidedBy = judged?.report.decidedBy ?? null
  const deciding = judged?.report.results.find(({ gate }) => gate === decidedBy)
  return {
    digest,
    releaseId,
    label,
    channel,
    version,
    state,
    firstSeen,
    decidedBy,
    reason: deciding?.reason ?? blocks.get(digest)?.reason ?? null,
    blocked: blocks.has(digest),
    blockedByHand: blocks.get(digest)?.code === BY_HAND,
    thin,
    baselineRoles: [...baselineRoles],
    effectiveRows,
    tenures: [...(tenures.get(digest) ?? [])],
  }
}

export const RELEASE_SORTS = ['firstSeen', 'version', 'label'] as const

export type ReleasesRequest = SortRequest<(typeof RELEASE_SORTS)[number]> & {
  /** Absent: those of all runs. */
  readonly channel?: string | undefined
}

export async function releasesView(
  { channel, ...request }: ReleasesRequest,
  shelf: DocumentShelf,
  ports: Ports,
): Promise<Page<ReleaseView>> {
  const context = await releaseContext(ports)
  const { items: rows, next } = sortedPage(await ports.registry.releases(channel), request, ({ digest }) => digest, {
    firstSeen: ({ firstSeen }) => firstSeen,
    version: ({ version }) => version,
    label: ({ label }) => label,
  })
  const items: ReleaseView[] = []
  for (const row of rows) items.push(await releaseView(row, context, shelf, ports))
  return { items, next }
}

/** By label, version, id or the beginning of a digest; names that several runs use mean the newest run's. */
export async function releaseNamed(name: string, { registry, records }: Ports): Promise<ReleaseRow> {
  const rows = await registry.releases()
  const newest = (await records.runs())[0]?.channel
  try {
    return findRelease(
      name,
      rows.filter(({ channel }) => channel === newest),
    )
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.code !== 'RELEASE_UNKNOWN') throw cause
    return findRelease(name, rows)
  }
}
