// Trainings: every cycle with what came of it.

import { Fault } from '../../base/fault.ts'
import type { ReleaseRow } from '../../serving/registry.ts'
import type { StoredTraining } from '../../trading/read-model.ts'
import type { CurvePoint, TrainingNow } from '../run-control.ts'
import { lineageOf } from './lineage-view.ts'
import { type Page, type SortRequest, sortedPage } from './paging.ts'
import type { DocumentShelf } from './release-documents.ts'
import { releaseFiles } from './release-files.ts'
import { judgementOf } from './release-views.ts'
import { findRun } from './run-view.ts'
import { evaluationOf, type TrainingShelf, type TrainingTold } from './training-told.ts'
import type { ViewPorts } from './view-ports.ts'

export type TrainingView = {
  trainingId: string
  runId: string | null
  number: number
  symbol: string
  asOf: number
  status: 'released' | 'skipped' | 'failed'
  rows: number | null
  effectiveRows: number | null
  releaseId: string | null
  label: string | null
  verdict: string | null
  durationMs: number | null
} & TrainingTold

export type TrainingNowView = Omit<TrainingNow, 'points'> & { points: CurvePoint[] }

export type TrainingDetail = TrainingView & {
  fit: [number, number] | null
  holdout: [number, number] | null
  folds: number | null
  trials: number | null
  durations: Record<string, number>
  curves: CurvePoint[]
}

type Ports = Pick<ViewPorts, 'records' | 'registry' | 'control'>

async function verdictOf(row: ReleaseRow | undefined, ports: Ports): Promise<string | null> {
  if (row === undefined) return null
  if (row.state === 'waiting') return null
  if (row.state !== 'refused') return 'installed'
  return (await judgementOf(row.digest, ports))?.report.decidedBy ?? 'refused'
}

async function trainingView(
  training: StoredTraining,
  place: number,
  releases: ReadonlyMap<string, ReleaseRow>,
  shelf: TrainingShelf,
  ports: Ports,
): Promise<TrainingView> {
  const { trainingId, runId, symbol, asOf, status, rows, effectiveRows, releaseId, durationMs } = training
  const row = training.digest === null ? undefined : releases.get(training.digest)
  return {
    trainingId,
    runId,
    number: training.number ?? place,
    symbol,
    asOf,
    status,
    rows,
    effectiveRows,
    releaseId,
    label: row?.label ?? null,
    verdict: await verdictOf(row, ports),
    durationMs,
    ...(await shelf.toldOf(training)),
  }
}

async function releasesByDigest({ registry }: Ports): Promise<ReadonlyMap<string, ReleaseRow>> {
  return new Map((await registry.releases()).map(row => [row.digest, row]))
}

export const TRAINING_SORTS = ['asOf', 'durationMs', 'effectiveRows'] as const

export type TrainingsRequest = SortRequest<(typeof TRAINING_SORTS)[number]> & { readonly run?: string | undefined }

/** Of the newest run, of one that is named, or without any run of all that was trained by hand. */
export async function trainingsView(
  { run: name, ...request }: TrainingsRequest,
  shelf: TrainingShelf,
  ports: Ports,
): Promise<Page<TrainingView> & { now: TrainingNowView | null }> {
  const run = await findRun(name, ports)
  const releases = await releasesByDigest(ports)
  const placed = (await ports.records.trainings(run?.runId)).map((training, index) => ({ training, place: index + 1 }))
  const { items: rows, next } = sortedPage(placed, request, ({ training }) => training.trainingId, {
    // Those of one time stay as they came.
    asOf: ({ training, place }) => training.asOf + place / (placed.length + 1),
    durationMs: ({ training }) => training.durationMs,
    effectiveRows: ({ training }) => training.effectiveRows,
  })
  const items: TrainingView[] = []
  for (const { training, place } of rows) items.push(await trainingView(training, place, releases, shelf, ports))
  return { items, next, now: nowView(ports) }
}

export function nowView({ control }: Pick<Ports, 'control'>): TrainingNowView | null {
  const training = control.live()?.training ?? null
  return training === null ? null : { ...training, points: [...training.points] }
}

/** Fault: `TRAINING_UNKNOWN`. */
export async function trainingDetail(
  trainingId: string,
  { documents, trainings }: { readonly documents: DocumentShelf; readonly trainings: TrainingShelf },
  ports: ViewPorts,
): Promise<TrainingDetail> {
  const training = await ports.records.training(trainingId)
  if (training === undefined) {
    throw new Fault('TRAINING_UNKNOWN', `no training ${trainingId} is known here`, {
      fix: 'list the trainings: GET /api/trainings',
    })
  }
  const releases = await releasesByDigest(ports)
  const siblings = await ports.records.trainings(training.runId ?? undefined)
  const place = siblings.findIndex(sibling => sibling.trainingId === trainingId) + 1
  const evaluation = evaluationOf(training)
  const row = training.digest === null ? undefined : releases.get(training.digest)
  const files =
    row === undefined ? undefined : await releaseFiles(row, (await documents.of(row.digest)).manifest, ports)
  return {
    ...(await trainingView(training, place, releases, trainings, ports)),
    fit: evaluation === undefined ? null : [...evaluation.windows.fit],
    holdout: evaluation === undefined ? null : [...evaluation.windows.holdout],
    folds: Object.values(evaluation?.roles['meta']?.folds ?? {})[0]?.length ?? null,
    trials: evaluation?.trials ?? null,
    durations: lineageOf(files?.release)?.durationsMs ?? {},
    curves: training.curves === null ? [] : (JSON.parse(training.curves) as CurvePoint[]),
  }
}
