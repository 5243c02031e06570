// Candidate rows of one bar as one event: when it is known, and which of its rows the meta model reads.

import { FEATURE_NAMES } from '../market/roles.ts'
import { type CandidateTable, FEATURE_COUNT, LABEL_STATES } from '../trading/candidate-table.ts'

/** One event a bar. `first` and `size` point into `Dataset.rows`; `strongest` is a row of the table (TRAIN-01). */
export type Events = {
  readonly count: number
  readonly time: Float64Array
  /** When the last label of the event was known. */
  readonly end: Float64Array
  readonly first: Int32Array
  readonly size: Uint8Array
  readonly strongest: Int32Array
  /** Index into `classes`. */
  readonly label: Uint8Array
  readonly weight: Float64Array
}

const FINAL = LABEL_STATES.indexOf('final')
const STRENGTH = FEATURE_NAMES.indexOf('signal_strength')

/** Rows `row .. row + size - 1` of the table: the candidates of one bar. */
export type Group = { readonly row: number; readonly size: number }

/** Bars whose every candidate is final and known at `asOf`: only then is the best of them known too. */
export function knownBars({ length, bar, state, labelEnd }: CandidateTable, asOf: number): Group[] {
  const groups: Group[] = []
  for (let row = 0; row < length; ) {
    let next = row
    let known = true
    for (; next < length && bar[next] === bar[row]; next++) known &&= state[next] === FINAL && labelEnd[next]! <= asOf
    if (known) groups.push({ row, size: next - row })
    row = next
  }
  return groups
}

/** Signal strength of a row, 0 to 1 (LABEL-02). */
export function strengthOf({ features }: CandidateTable, row: number): number {
  return features[row * FEATURE_COUNT + STRENGTH]!
}

/** The strongest candidate of a bar, ties by strategy order (TRAIN-01). */
export function strongestOf(table: CandidateTable, { row, size }: Group): number {
  let best = row
  for (let other = row + 1; other < row + size; other++) {
    if (strengthOf(table, other) > strengthOf(table, best)) best = other
  }
  return best
}

/** Events without their labels and weights. */
export function eventsOf(table: CandidateTable, groups: readonly Group[]): Omit<Events, 'label' | 'weight'> {
  let first = 0
  return {
    count: groups.length,
    time: Float64Array.from(groups, ({ row }) => table.time[row]!),
    end: Float64Array.from(groups, ({ row, size }) => Math.max(...table.labelEnd.subarray(row, row + size))),
    first: Int32Array.from(groups, ({ size }) => (first += size) - size),
    size: Uint8Array.from(groups, ({ size }) => size),
    strongest: Int32Array.from(groups, group => strongestOf(table, group)),
  }
}
