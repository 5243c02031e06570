// One role of a release: how good its model was, and that its graph is the one that was judged.

import type { Metric, ParityCertificate, RoleEvaluation } from '../../release/evaluation.ts'
import type { ReleaseManifest } from '../../release/release.ts'

export type MetricView = {
  value: number | null
  low: number | null
  high: number | null
  n: number
  note: string | null
}

export type RoleView = {
  role: string
  baseline: boolean
  metrics: { name: string; model: MetricView; baselines: Record<string, MetricView> }[]
  folds: Record<string, (number | null)[]>
  calibration: { predicted: number; observed: number; n: number }[]
  importance: { column: string; value: number }[]
  file: { name: string; bytes: number; sha256: string }
  parity: { rows: number; maxAbsError: number; maxUlp: number; decisionFlips: number; runtime: string } | null
}

export const metricView = ({ value, low, high, n, note }: Metric): MetricView => ({
  value,
  low,
  high,
  n,
  note: note ?? null,
})

export function roleView(
  role: string,
  evaluation: RoleEvaluation,
  { members }: ReleaseManifest,
  parity: ParityCertificate | undefined,
): RoleView {
  const file = members.find(member => member.role === role)
  const certified = parity?.roles[role]
  const baselinesOf = (name: string) =>
    Object.fromEntries(
      Object.entries(evaluation.baselines).flatMap(([baseline, metrics]) => {
        const metric = metrics[name]
        return metric === undefined ? [] : [[baseline, metricView(metric)]]
      }),
    )
  return {
    role,
    baseline: evaluation.baseline,
    metrics: Object.entries(evaluation.holdout).map(([name, metric]) => ({
      name,
      model: metricView(metric),
      baselines: baselinesOf(name),
    })),
    folds: Object.fromEntries(Object.entries(evaluation.folds).map(([name, values]) => [name, [...values]])),
    calibration: (evaluation.calibration ?? []).map(bin => ({ ...bin })),
    importance: Object.entries(evaluation.importance ?? {})
      .map(([column, value]) => ({ column, value }))
      .sort((a, b) => b.value - a.value),
    file: { name: file?.name ?? '', bytes: file?.size ?? 0, sha256: file?.sha256 ?? '' },
    parity: parity === undefined || certified === undefined ? null : { ...figures(certified), runtime: parity.runtime },
  }
}

const figures = ({ rows, maxAbsError, maxUlp, decisionFlips }: ParityCertificate['roles'][string]) => ({
  rows,
  maxAbsError,
  maxUlp,
  decisionFlips,
})
