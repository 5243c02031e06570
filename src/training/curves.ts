// Learning curves of a run: points that the fits of the released models tell while they are made.

import type { FitPoint, Watch } from '../models/watch.ts'
import type { StandardRole } from '../release/release.ts'

export type CurveUnit = 'trees' | 'rounds' | 'steps'

/**
 * `meta`: Brier score (0 to 2, classes weighing the same) of events that trees did not draw, by number of trees; kinder than the holdout,
 * as neighbours in time share outcomes. `execution`: half the squared error in R², of what it is fitted on and of the newest part, which
 * tells it when to stop, by boosting round. `rl_sizer`: what it minimises, in R, and Adam's rate, by step.
 */
export type CurvePoint = FitPoint & { readonly role: StandardRole; readonly unit: CurveUnit }

const UNITS: Readonly<Record<StandardRole, CurveUnit>> = { meta: 'trees', execution: 'rounds', rl_sizer: 'steps' }

export type CurveLog = {
  watch(role: StandardRole): Watch
  /** The points since the last call. */
  take(): readonly CurvePoint[]
  /** A role's curves so far, each with at most 40 points, its first and last among them: what a report keeps. */
  report(role: StandardRole): readonly FitPoint[]
}

const REPORTED = 40

function thinned(points: readonly FitPoint[]): readonly FitPoint[] {
  if (points.length <= REPORTED) return points
  return Array.from({ length: REPORTED }, (_, at) => points[Math.round((at * (points.length - 1)) / (REPORTED - 1))]!)
}

export function curveLog(): CurveLog {
  let points: CurvePoint[] = []
  const told: Record<StandardRole, FitPoint[]> = { meta: [], execution: [], rl_sizer: [] }
  return {
    watch: role => point => {
      points.push({ role, unit: UNITS[role], ...point })
      told[role].push(point)
    },
    report: role =>
      (['train', 'validation', 'rate'] as const).flatMap(curve =>
        thinned(told[role].filter(point => point.curve === curve)),
      ),
    take() {
      const taken = points
      points = []
      return taken
    },
  }
}
