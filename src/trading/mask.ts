// Which probabilities count at a bar: only strategies that fired, and None, renormalised (TRAIN-01). Brain and training score candidates with it.

import { FEATURE_NAMES } from '../market/roles.ts'
import type { BarEvent } from './bar-event.ts'
import { type CandidateTable, FEATURE_COUNT } from './candidate-table.ts'

const STRENGTH_COLUMN = FEATURE_NAMES.indexOf('signal_strength')

export function strengthOfRow(table: CandidateTable, row: number): number {
  return table.features[row * FEATURE_COUNT + STRENGTH_COLUMN]!
}

export type FiredRows = {
  /** Per class the row of its fired candidate, -1 without one (as `None` always is). */
  readonly rows: readonly number[]
  /** Fired candidates at the bar, those of strategies unknown to the classes included. */
  readonly fired: number
}

export function firedRows(
  classes: readonly string[],
  event: Pick<BarEvent, 'firstRow' | 'rowCount'>,
  table: CandidateTable,
): FiredRows {
  const rows = classes.map(() => -1)
  let fired = 0
  for (let row = event.firstRow; row < event.firstRow + event.rowCount; row++) {
    if (table.fired[row] !== 1) continue
    fired += 1
    const at = classes.indexOf(table.strategies[table.strategy[row]!]!)
    if (at >= 0) rows[at] = row
  }
  return { rows, fired }
}

/**
 * @returns one number a class, summing to 1; all 0 where the model gives no weight to anything that fired, nor to None
 * @example maskedProbabilities([0.5, 0.3, 0.2], ['A', 'B', 'None'], [-1, 7, -1]) // [0, 0.6, 0.4]
 */
export function maskedProbabilities(
  probabilities: ArrayLike<number>,
  classes: readonly string[],
  rows: readonly number[],
): number[] {
  const masked = classes.map((name, i) => (rows[i]! >= 0 || name === 'None' ? probabilities[i]! : 0))
  const total = masked.reduce((sum, p) => sum + p, 0)
  return total > 0 ? masked.map(p => p / total) : masked
}

/** Class of the likeliest fired strategy, -1 without one. Ties: the stronger signal, then strategy order. */
export function likeliest(rows: readonly number[], masked: readonly number[], table: CandidateTable): number {
  let best = -1
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    if (row < 0) continue
    if (best < 0 || masked[i]! > masked[best]! || (masked[i] === masked[best] && stronger(table, row, rows[best]!)))
      best = i
  }
  return best
}

function stronger(table: CandidateTable, row: number, other: number): boolean {
  const difference = strengthOfRow(table, row) - strengthOfRow(table, other)
  return difference > 0 || (difference === 0 && row < other)
}
