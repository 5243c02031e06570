// One role's part of the evaluation: statistics become numbers with intervals, thin samples become null with a note.

import type { RoleEvaluation } from '../../release/evaluation.ts'
import { type IntervalOptions, metricsOf, type Statistics, valuesOf } from './interval.ts'

export type RoleReport = {
  readonly baseline: boolean
  readonly holdout: Statistics
  readonly folds: readonly Statistics[]
  readonly baselines: Readonly<Record<string, Statistics>>
  readonly calibration?: RoleEvaluation['calibration']
  readonly importance?: RoleEvaluation['importance']
}

/** Every baseline is resampled by the same draws as the model: their rng is the same. */
export function roleEvaluation(report: RoleReport, options: IntervalOptions): RoleEvaluation {
  const names = Object.keys(report.holdout)
  const folds = report.folds.map(statistics => valuesOf(statistics, options.minimum))
  return {
    baseline: report.baseline,
    holdout: metricsOf(report.holdout, options),
    folds: Object.fromEntries(names.map(name => [name, folds.map(values => values[name] ?? null)])),
    baselines: Object.fromEntries(
      Object.entries(report.baselines).map(([name, statistics]) => [name, metricsOf(statistics, options)]),
    ),
    ...(report.calibration === undefined ? {} : { calibration: report.calibration }),
    ...(report.importance === undefined ? {} : { importance: report.importance }),
  }
}
