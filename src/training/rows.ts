// Model inputs and outcomes of chosen rows of the candidate table.

import type { CandidateTable } from '../trading/candidate-table.ts'
import { FEATURE_COUNT } from '../trading/candidate-table.ts'

/**
 * @param columns indices among the 17, in the order the role reads them
 * @returns row-major, `rows.length * columns.length`
 */
export function gatherRows(table: CandidateTable, rows: Int32Array, columns: readonly number[]): Float32Array {
  const gathered = new Float32Array(rows.length * columns.length)
  for (let at = 0; at < rows.length; at++) {
    const from = rows[at]! * FEATURE_COUNT
    for (let i = 0; i < columns.length; i++) gathered[at * columns.length + i] = table.features[from + columns[i]!]!
  }
  return gathered
}

/** Net R of each row. */
export function outcomesOf({ r }: CandidateTable, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, row => r[row]!)
}

/** The rows whose strategy fired: those that can be traded. */
export function firedOf({ fired }: CandidateTable, rows: Int32Array): Int32Array {
  return rows.filter(row => fired[row] === 1)
}
