// Releases side by side: what their holdouts said, with interval, baseline and how much was tried before.

import type { DocumentShelf } from './release-documents.ts'
import { type MetricView, metricView } from './role-view.ts'
import { findRun } from './run-view.ts'
import { headlineOf, type TrainingTold } from './training-told.ts'
import type { ViewPorts } from './view-ports.ts'

export type LeaderView = {
  digest: string
  label: string
  version: number
  state: string
  firstSeen: number
  /** Since it was made, on the clock of the run; null where that is unknown. */
  ageMs: number | null
  /** Configurations tried for its hypothesis, this one included. */
  trials: number
  /** Null in releases from before the ledger. */
  deflatedSharpe: MetricView | null
  pbo: number | null
  headline: TrainingTold['headline']
}

/** As many as the shelf holds parsed. */
const MOST = 32

/** The newest releases of a run, the smallest log loss of its holdout first. */
export async function leaderboardView(
  name: string | undefined,
  shelf: DocumentShelf,
  { registry, records, clock }: Pick<ViewPorts, 'registry' | 'records' | 'clock'>,
): Promise<LeaderView[]> {
  const run = await findRun(name, { records })
  if (run === undefined) return []
  const now = (await records.lastPoint(run.runId))?.at ?? clock.now()
  const rows = (await registry.releases(run.channel)).slice(-MOST)
  const leaders: LeaderView[] = []
  for (const { digest, label, version, state, firstSeen } of rows) {
    const { evaluation } = await shelf.of(digest)
    const { issuedAt } = await shelf.factsOf(digest)
    const { multiplicity } = evaluation
    leaders.push({
      digest,
      label,
      version,
      state,
      firstSeen,
      ageMs: issuedAt === null ? null : Math.max(0, now - issuedAt),
      trials: multiplicity?.trials ?? evaluation.trials,
      deflatedSharpe: multiplicity === undefined ? null : metricView(multiplicity.deflatedSharpe),
      pbo: multiplicity?.pbo ?? null,
      headline: headlineOf(evaluation),
    })
  }
  return leaders.sort((a, b) => rankOf(a) - rankOf(b) || b.version - a.version)
}

const rankOf = ({ headline }: LeaderView): number =>
  headline.find(({ name }) => name === 'logLoss')?.model.value ?? Number.POSITIVE_INFINITY
