// How two sets would have done on the same past events, none of which either was fitted on: the figures that gate G10 compares.

import type { PairedScores } from '../serving/gates/gate.ts'
import type { ModelSet } from '../serving/model-set.ts'
import type { CandidateTable } from '../trading/candidate-table.ts'
import { bestRow, NONE } from '../training/classes.ts'
import { type Group, knownBars, strongestOf } from '../training/events.ts'
import { meanOverlap } from '../training/metrics/interval.ts'
import { answersOf, type SetAnswers } from './set-answers.ts'

/** No probability counts as less than this: one surprise must not decide a comparison. */
const FLOOR = 1e-6

type Judged = Pick<SetAnswers, 'probabilities' | 'classes' | 'r'>

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
  const mine = answersOf(candidate, table, events, minExpectedR)
  const theirs =
    champion === undefined ? judgeBaseline(table, events) : answersOf(champion, table, events, minExpectedR)
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
    overlap: meanOverlap(
      events.map(({ row }) => table.time[row]!),
      events.map(({ row, size }) => Math.max(...table.labelEnd.subarray(row, row + size))),
    ),
  }
}
