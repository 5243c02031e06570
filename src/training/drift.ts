// How far the rows that a run is judged on have moved from those it learned from: the drift score of OBS-02.

import { FEATURE_NAMES, META_COLUMNS } from '../market/roles.ts'
import { driftOf, histogramShares, populationStability } from '../math/divergence.ts'
import type { Drift } from '../release/evaluation.ts'
import { candidatesOf, type Dataset } from './dataset.ts'
import { gatherRows } from './rows.ts'

/** PSI that counts as complete drift (OBS-02). */
const COMPLETE = 0.5

/** One part of a data set: rows of the 17 columns, row-major, and the class of each event. */
export type DriftPart = { readonly rows: Float32Array; readonly labels: Uint8Array }

const columnOf = (rows: Float32Array, column: number): Float64Array => {
  const width = FEATURE_NAMES.length
  return Float64Array.from({ length: rows.length / width }, (_, row) => rows[row * width + column]!)
}

/** PSI over the shares of the classes, each with half a count more, as the bins of a column have. */
function labelStability(fit: Uint8Array, holdout: Uint8Array, classes: number): number {
  const edges = Float64Array.from({ length: classes - 1 }, (_, label) => label)
  return populationStability(histogramShares(fit, edges, 0.5), histogramShares(holdout, edges, 0.5))
}

/**
 * Raw columns over the deciles of the fit part, and the class shares: the furthest of them is the score.
 *
 * @example
 * driftBetween(part, part, 2).score // 0
 */
export function driftBetween(fit: DriftPart, holdout: DriftPart, classes: number): Drift {
  const columns = Object.fromEntries(
    FEATURE_NAMES.map((name, column) => [
      name,
      driftOf(columnOf(fit.rows, column), columnOf(holdout.rows, column)).psi,
    ]),
  )
  const labels = labelStability(fit.labels, holdout.labels, classes)
  return { score: Math.min(1, Math.max(labels, ...Object.values(columns)) / COMPLETE), labels, columns }
}

/** The drift from the fit part of a data set to its holdout. */
export function driftOfSplit(data: Dataset): Drift {
  const partOf = (events: Int32Array): DriftPart => ({
    rows: gatherRows(data.table, candidatesOf(data, events).rows, META_COLUMNS),
    labels: Uint8Array.from(events, event => data.events.label[event]!),
  })
  return driftBetween(partOf(data.split.fit), partOf(data.split.holdout), data.classes.length)
}
