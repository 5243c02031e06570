// How two sets would have done on the same past events, none of which either was fitted on: the figures that gate G10 compares.

import { EXECUTION_COLUMNS, META_COLUMNS, SIZER_COLUMNS, SIZER_EXTRA } from '../market/roles.ts'
import type { PairedScores } from '../serving/gates/gate.ts'
import type { ModelSet } from '../serving/model-set.ts'
import { type CandidateTable, FEATURE_COUNT } from '../trading/candidate-table.ts'
import { bestRow, NONE } from '../training/classes.ts'
import { type Group, knownBars, strongestOf } from '../training/events.ts'

/** No probability counts as less than this: one surprise must not decide a comparison. */
const FLOOR = 1e-6

type Judged = { readonly probabilities: Float32Array; readonly classes: readonly string[]; readonly r: Float64Array }

const gather = (table: CandidateTable, rows: readonly number[], columns: readonly number[], width = columns.length) => {
  const made = new Float32Array(rows.length * width)
  for (const [at, row] of rows.entries()) {
    for (const [i, column] of columns.entries()) made[at * width + i] = table.features[row * FEATURE_COUNT + column]!
  }
  return made
}

/**
 * What a set would have earned with every stance as a candidate: the likeliest strategy that states a side, unless `None` is
 * likelier or its expected R is too low (a stand-in for the execution role filters nothing, as in the brain); R times size, the account being fresh.
 */
function judge(set: ModelSet, table: CandidateTable, events: readonly Group[], minExpectedR: number): Judged {
  const strongest = events.map(event => strongestOf(table, event))
  const probabilities = set.roles
    .get('meta')!
    .run(gather(table, strongest, META_COLUMNS), events.length)
    .slice()
  const width = set.classes.length
  const none = set.classes.indexOf(NONE)
  const chosen = events.map(({ row, size }, at) => {
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
  const traded = chosen.filter(row => row >= 0)
  const expected = set.roles
    .get('execution')!
    .run(gather(table, traded, EXECUTION_COLUMNS), traded.length)
    .slice()
  const unfiltered = set.baselineRoles.has('execution')
  const sizerWidth = SIZER_COLUMNS.length + SIZER_EXTRA.length
  const sizes = set.roles
    .get('rl_sizer')!
    .run(gather(table, traded, SIZER_COLUMNS, sizerWidth), traded.length)
    .slice()
  const r = new Float64Array(events.length)
  let next = 0
  for (const [at, row] of chosen.entries()) {
    if (row < 0) continue
    if (unfiltered || expected[next]! >= minExpectedR) r[at] = table.r[row]! * sizes[next]!
    next++
  }
  return { probabilities, classes: set.classes, r }
}

/** The rules: equally likely strategies, the strongest stance traded at size 1 (SRV-24). */
function judgeBaseline(table: CandidateTable, events: readonly Group[]): Judged {
  const classes = [...table.strategies, NONE]
  return {
    classes,
    probabilities: new Float32Array(events.length * classes.length).fill(1 / classes.length),
    r: Float64Array.from(events, event => table.r[strongestOf(table, event)]!),
  }
}

/** Log loss over the classes that both know, renormalised, so that neither has the easier question. */
function logLoss(
  { probabilities, classes }: Judged,
  truth: readonly string[],
  shared: readonly string[],
): Float64Array {
  const columns = shared.map(name => classes.indexOf(name))
  return Float64Array.from(truth, (name, at) => {
    const of = (column: number) => Math.max(FLOOR, probabilities[at * classes.length + column]!)
    const total = columns.reduce((sum, column) => sum + of(column), 0)
    return -Math.log(of(columns[shared.indexOf(name)]!) / total)
  })
}

export type ScoreOptions = {
  readonly table: CandidateTable
  /** Labels known later are not seen. */
  readonly asOf: number
  readonly minExpectedR: number
}

/** @param champion undefined: the rule-based baseline stands in */
export function scoreSets(candidate: ModelSet, champion: ModelSet | undefined, options: ScoreOptions): PairedScores {
  const { table, asOf, minExpectedR } = options
  const windows = [candidate, ...(champion === undefined ? [] : [champion])].map(set => set.windows)
  const from = Math.max(...windows.map(({ fitEnd, embargoMs }) => fitEnd + embargoMs))
  const events = knownBars(table, asOf).filter(({ row }) => table.time[row]! > from)
  const mine = judge(candidate, table, events, minExpectedR)
  const theirs = champion === undefined ? judgeBaseline(table, events) : judge(champion, table, events, minExpectedR)
  const shared = mine.classes.filter(name => theirs.classes.includes(name))
  // Training's own question: the best of the strategies that both sets know, None where none of them earned anything.
  const known = table.strategies.map(name => shared.includes(name))
  const truth = events.map(event => {
    const row = bestRow(table, event, known)
    return row < 0 ? NONE : table.strategies[table.strategy[row]!]!
  })
  return {
    candidateLoss: logLoss(mine, truth, shared),
    championLoss: logLoss(theirs, truth, shared),
    candidateR: mine.r,
    championR: theirs.r,
  }
}
