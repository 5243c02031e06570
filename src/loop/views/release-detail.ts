// One release in full: evidence, gates, signature, lineage and card.

import type { Evaluation } from '../../release/evaluation.ts'
import { utcMs } from '../../release/utc.ts'
import { readParity } from '../../serving/evidence.ts'
import type { GateResult } from '../../serving/gates/gate.ts'
import { GATES } from '../../serving/gates/index.ts'
import { type LineageView, lineageOf, lineageView } from './lineage-view.ts'
import type { DocumentShelf } from './release-documents.ts'
import { releaseFiles, type SignatureView } from './release-files.ts'
import { judgementOf, type ReleaseView, releaseContext, releaseNamed, releaseView } from './release-views.ts'
import { type RoleView, roleView } from './role-view.ts'
import type { ViewPorts } from './view-ports.ts'

export type GateView = {
  gate: string
  asks: string
  value: number | string | null
  limit: number | string | null
  result: 'pass' | 'fail' | 'notApplicable' | 'error'
  reason: string | null
  paper: boolean
  /** A person set its no aside. */
  overridden: { by: string; reason: string } | null
}

export type ReleaseDetail = ReleaseView & {
  symbol: string
  issuedAt: number
  expiresAt: number
  provenance: 'real' | 'simulated'
  fit: [number, number]
  holdout: [number, number]
  embargoMs: number
  rows: { total: number; fit: number; holdout: number; effective: number; fired: number; thinned: number }
  trials: number
  driftScore: number
  /** PSI of the holdout against the fit part: of the class shares, and by column, the furthest first; null in releases of before. */
  drift: { labels: number; columns: { name: string; psi: number }[] } | null
  classes: string[]
  roles: RoleView[]
  gates: GateView[]
  gatesAt: number | null
  floors: GateView[]
  notRun: string[]
  champion: { digest: string; label: string | null } | null
  signature: SignatureView
  lineage: LineageView
  members: { name: string; bytes: number; sha256: string }[]
  card: string
}

const ASKS: ReadonlyMap<string, string> = new Map(GATES.map(({ name, asks }) => [name, asks]))

export const gateView = ({ gate, value, limit, result, reason, paper, overridden }: GateResult): GateView => ({
  gate,
  asks: ASKS.get(gate) ?? '',
  value,
  limit,
  result,
  reason: reason ?? null,
  paper: paper === true,
  overridden: overridden === undefined ? null : { ...overridden },
})

/** Floors that training itself holds its models against: evidence, decided by G12 at the door. */
const floorsOf = ({ gates }: Evaluation): GateView[] =>
  gates.map(({ gate, value, limit, result, paper }) => ({
    gate,
    asks: 'a floor of training',
    value,
    limit,
    result: result === 'pass' ? 'pass' : result === 'notApplicable' ? 'notApplicable' : 'fail',
    reason: null,
    paper: paper === true,
    overridden: null,
  }))

/** The columns of a release, those that moved most first. */
export function driftView({ drift }: Evaluation): ReleaseDetail['drift'] {
  if (drift === undefined) return null
  const columns = Object.entries(drift.columns)
    .map(([name, psi]) => ({ name, psi }))
    .sort((a, b) => b.psi - a.psi || (a.name < b.name ? -1 : 1))
  return { labels: drift.labels, columns }
}

/** Without verified files lineage and card are empty: what is not signed is not shown as evidence. Fault: `RELEASE_UNKNOWN`. */
export async function releaseDetail(name: string, shelf: DocumentShelf, ports: ViewPorts): Promise<ReleaseDetail> {
  const row = await releaseNamed(name, ports)
  const { manifest, evaluation } = await shelf.of(row.digest)
  const { signature, release } = await releaseFiles(row, manifest, ports)
  const judged = await judgementOf(row.digest, ports)
  const champion = judged?.report.champion ?? null
  const known = (await ports.registry.releases()).find(({ digest }) => digest === champion)
  const parity = release === undefined ? undefined : readParity(release)
  const { windows, rows, trials, classes, roles } = evaluation
  return {
    ...(await releaseView(row, await releaseContext(ports), shelf, ports)),
    symbol: evaluation.symbol,
    issuedAt: utcMs(manifest.issuedAt) ?? 0,
    expiresAt: utcMs(manifest.expiresAt) ?? 0,
    provenance: manifest.provenance,
    fit: [windows.fit[0], windows.fit[1]],
    holdout: [windows.holdout[0], windows.holdout[1]],
    embargoMs: windows.embargoMs,
    rows: { ...rows },
    trials,
    driftScore: manifest.gates.driftScore,
    drift: driftView(evaluation),
    classes: [...classes],
    roles: Object.entries(roles).map(([role, figures]) =>
      roleView(role, figures, manifest, parity?.ok === true ? parity.value : undefined),
    ),
    gates: (judged?.report.results ?? []).map(gateView),
    gatesAt: judged?.at ?? null,
    floors: floorsOf(evaluation),
    notRun: [...(judged?.report.notRun ?? [])],
    champion: champion === null ? null : { digest: champion, label: known?.label ?? null },
    signature,
    lineage: lineageView(lineageOf(release)),
    members: manifest.members.map(({ name, size, sha256 }) => ({ name, bytes: size, sha256 })),
    card: release === undefined ? '' : new TextDecoder().decode(release.members.get('card.md')),
  }
}
