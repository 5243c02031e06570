// Points of learning curves by model, each curve on the steps of all.

import type { TrainingDetail } from '../../../src/api/schemas/trainings.ts'

export type CurvePoints = TrainingDetail['curves']

export type RoleCurves = {
  readonly role: string
  /** What `x` counts: trees, rounds, steps. */
  readonly unit: string
  /** Rising. */
  readonly x: readonly number[]
  /** As long as `x`; null where a curve has no point. */
  readonly train: readonly (number | null)[]
  readonly validation: readonly (number | null)[]
  readonly rate: readonly (number | null)[]
}

/** In the order in which the models are fitted. A later point at the same step replaces the earlier one. */
export function curvesOf(points: CurvePoints): readonly RoleCurves[] {
  return [...Map.groupBy(points, ({ role }) => role)].map(([role, own]) => {
    const x = [...new Set(own.map(point => point.x))].sort((a, b) => a - b)
    const curve = (name: CurvePoints[number]['curve']) => {
      const at = new Map(own.filter(point => point.curve === name).map(point => [point.x, point.y] as const))
      return x.map(step => at.get(step) ?? null)
    }
    return {
      role,
      unit: own[0]?.unit ?? '',
      x,
      train: curve('train'),
      validation: curve('validation'),
      rate: curve('rate'),
    }
  })
}

/** Whether a curve has a point at all. */
export const isDrawn = (values: readonly (number | null)[]): boolean => values.some(value => value !== null)
