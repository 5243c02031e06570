// What a set would have said and earned at past events: every stance a candidate, the likeliest strategy chosen as the brain chooses.

import { EXECUTION_COLUMNS, META_COLUMNS, SIZER_COLUMNS, SIZER_EXTRA } from '../market/roles.ts'
import type { ModelSet } from '../serving/model-set.ts'
import { type CandidateTable, FEATURE_COUNT } from '../trading/candidate-table.ts'
import { NONE } from '../training/classes.ts'
import { type Group, strongestOf } from '../training/events.ts'

export type SetAnswers = {
  /** Row-major, one row an event. */
  readonly probabilities: Float32Array
  readonly classes: readonly string[]
  /** Row that the classifier chose at each event; -1 for none. */
  readonly chosen: readonly number[]
  /** Expected R and size of each chosen row; NaN where none was. */
  readonly expected: Float64Array
  readonly size: Float64Array
  /** R times size; 0 where nothing was traded. */
  readonly r: Float64Array
}

const gather = (table: CandidateTable, rows: readonly number[], columns: readonly number[], width = columns.length) => {
  const made = new Float32Array(rows.length * width)
  for (const [at, row] of rows.entries()) {
    for (const [i, column] of columns.entries()) made[at * width + i] = table.features[row * FEATURE_COUNT + column]!
  }
  return made
}

/** The likeliest strategy that states a side, unless `None` is likelier. */
function choose(set: ModelSet, table: CandidateTable, events: readonly Group[], probabilities: Float32Array): number[] {
  const width = set.classes.length
  const none = set.classes.indexOf(NONE)
  return events.map(({ row, size }, at) => {
    let best = -1
    let most = none < 0 ? 0 : probabilities[at * width + none]!
    for (let other = row; other < row + size; other++) {
      const likely = probabilities[at * width + set.classes.indexOf(table.strategies[table.strategy[other]!]!)] ?? 0
      if (likely > most) {
        most = likely
        best = other
      }
    }
    return best
  })
}

/**
 * Where the expected R is too low nothing is traded (a stand-in for the execution role filters nothing, as in the brain); the account is fresh
 * at every event.
 */
export function answersOf(
  set: ModelSet,
  table: CandidateTable,
  events: readonly Group[],
  minExpectedR: number,
): SetAnswers {
  const answer = (role: string, rows: readonly number[], columns: readonly number[], width?: number) =>
    set.roles
      .get(role)!
      .run(gather(table, rows, columns, width), rows.length)
      .slice()
  const strongest = events.map(event => strongestOf(table, event))
  const probabilities = answer('meta', strongest, META_COLUMNS)
  const chosen = choose(set, table, events, probabilities)
  const traded = chosen.filter(row => row >= 0)
  const said = answer('execution', traded, EXECUTION_COLUMNS)
  const sizes = answer('rl_sizer', traded, SIZER_COLUMNS, SIZER_COLUMNS.length + SIZER_EXTRA.length)
  const unfiltered = set.baselineRoles.has('execution')
  const expected = new Float64Array(events.length).fill(Number.NaN)
  const size = new Float64Array(events.length).fill(Number.NaN)
  const r = new Float64Array(events.length)
  let next = 0
  for (const [at, row] of chosen.entries()) {
    if (row < 0) continue
    expected[at] = said[next]!
    size[at] = sizes[next]!
    if (unfiltered || said[next]! >= minExpectedR) r[at] = table.r[row]! * sizes[next]!
    next++
  }
  return { probabilities, classes: set.classes, chosen, expected, size, r }
}
