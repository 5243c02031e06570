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
  readonly curve?: RoleEvaluation['curve']
}

/** The model and its baselines are resampled by the same draws of rows. */
export function roleEvaluation(report: RoleReport, options: IntervalOptions): RoleEvaluation {
  const sets = [report.holdout, ...Object.values(report.baselines)]
  const metrics = metricsOf(
    sets.flatMap(statistics => Object.values(statistics)),
    options,
  )
  let next = 0
  const [holdout = {}, ...baselines] = sets.map(statistics =>
    Object.fromEntries(Object.keys(statistics).map(name => [name, metrics[next++]!])),
  )
  const folds = report.folds.map(statistics => valuesOf(statistics, options.minimum))
  return {
    baseline: report.baseline,
    holdout,
    folds: Object.fromEntries(
      Object.keys(report.holdout).map(name => [name, folds.map(values => values[name] ?? null)]),
    ),
    baselines: Object.fromEntries(Object.keys(report.baselines).map((name, at) => [name, baselines[at]!])),
    ...(report.calibration === undefined ? {} : { calibration: report.calibration }),
    ...(report.importance === undefined ? {} : { importance: report.importance }),
    ...(report.curve === undefined ? {} : { curve: report.curve }),
  }
}
