// The network's state along its sequences, by the weights as they are: what carried training sets out from and calibration reads.

import { type CellWeights, cellStep } from './lstm-cell.ts'

/** Visits the state before each bar of each sequence, and after its last. */
export function eachState(
  weights: CellWeights,
  scaled: readonly Float32Array[],
  visit: (sequence: number, bar: number, hidden: Float64Array, cell: Float64Array) => void,
): void {
  const raw = new Float64Array(4 * weights.units)
  for (const [sequence, rows] of scaled.entries()) {
    const [hidden, cell] = [new Float64Array(weights.units), new Float64Array(weights.units)]
    const bars = rows.length / weights.inputs
    visit(sequence, 0, hidden, cell)
    for (let bar = 0; bar < bars; bar++) {
      cellStep(weights, rows, bar * weights.inputs, hidden, cell, raw)
      visit(sequence, bar + 1, hidden, cell)
    }
  }
}
