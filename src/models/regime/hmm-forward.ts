// The forward filter: what is known of the state at a row from that row and those before it. Live decisions use nothing else (BRN-03).

import { type Emission, logDensity } from './hmm-parameters.ts'

export type Filtered = {
  /** Per row the chance of each state given the rows up to it, `rows * states`. */
  readonly filtered: Float64Array
  /** The same before the row itself was seen. */
  readonly predicted: Float64Array
  /** Natural logarithm of the density of all rows. */
  readonly logLikelihood: number
}

/**
 * Bayes' rule for one row. Weights are logarithms until the largest is known, so nothing underflows however unlikely the row is
 * (Rabiner 1989, V.A, scaled by the largest weight instead of the sum).
 *
 * @param predicted chances before the row; replaced in `filtered` by those after it
 * @returns logarithm of the density of the row given those before it
 */
export function filterRow(
  emission: Emission,
  rows: Float64Array,
  at: number,
  predicted: Float64Array,
  filtered: Float64Array,
): number {
  let largest = -Infinity
  for (let state = 0; state < predicted.length; state++) {
    const weight = Math.log(predicted[state]!) + logDensity(emission, state, rows, at)
    filtered[state] = weight
    if (weight > largest) largest = weight
  }
  let total = 0
  for (let state = 0; state < predicted.length; state++) {
    const share = Math.exp(filtered[state]! - largest)
    filtered[state] = share
    total += share
  }
  for (let state = 0; state < predicted.length; state++) filtered[state]! /= total
  return largest + Math.log(total)
}

/** The chances of the next row's state. */
export function predictNext(transition: Float64Array, filtered: Float64Array, next: Float64Array): void {
  const states = filtered.length
  next.fill(0)
  for (let from = 0; from < states; from++) {
    const chance = filtered[from]!
    for (let to = 0; to < states; to++) next[to]! += chance * transition[from * states + to]!
  }
}

/** All rows of one sequence, which begins from the initial chances. */
export function filterSequence(emission: Emission, rows: Float64Array): Filtered {
  const { states, width, initial, transition } = emission.parameters
  const count = rows.length / width
  const filtered = new Float64Array(count * states)
  const predicted = new Float64Array(count * states)
  let logLikelihood = 0
  for (let row = 0; row < count; row++) {
    const before = predicted.subarray(row * states, (row + 1) * states)
    if (row === 0) before.set(initial)
    else predictNext(transition, filtered.subarray((row - 1) * states, row * states), before)
    const after = filtered.subarray(row * states, (row + 1) * states)
    logLikelihood += filterRow(emission, rows, row * width, before, after)
  }
  return { filtered, predicted, logLikelihood }
}
