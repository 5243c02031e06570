// What came of the answers of a set at events that it was not fitted on, by role: the stream that drift is watched in (FBK-01).

import { apart, type Outcome } from '../feedback/outcome.ts'
import { META_COLUMNS } from '../market/roles.ts'
import type { ModelSet } from '../serving/model-set.ts'
import { type CandidateTable, FEATURE_COUNT } from '../trading/candidate-table.ts'
import { bestRow, NONE } from '../training/classes.ts'
import { knownBars, strongestOf } from '../training/events.ts'
import { answersOf } from './set-answers.ts'

/** An expected R that is wrong by this much is as wrong as can be: R itself is about that wide. */
const WIDEST_R = 5

export type OutcomeOptions = {
  readonly table: CandidateTable
  /** Labels known later are not seen. */
  readonly asOf: number
  readonly minExpectedR: number
  /** Price of one step of the instrument: the unit of `slip`. */
  readonly step: number
}

/** Roles that stand in for a model have none. */
export type ModelOutcomes = ReadonlyMap<string, readonly Outcome[]>

/**
 * In order of time, and none overlapping another: labels of neighbouring bars end with the same move of the market.
 *
 * @example modelOutcomes(set, { table: book.table, asOf, minExpectedR: 0.05, step: 0.25 }).get('meta')?.at(-1)?.error // 0 or 1
 */
export function modelOutcomes(set: ModelSet, { table, asOf, minExpectedR, step }: OutcomeOptions): ModelOutcomes {
  const { fitEnd, embargoMs } = set.windows
  const events = apart(
    knownBars(table, asOf)
      .filter(({ row }) => table.time[row]! > fitEnd + embargoMs)
      .map(group => ({
        ...group,
        from: table.time[group.row]!,
        at: Math.max(...table.labelEnd.subarray(group.row, group.row + group.size)),
      })),
  )
  const { probabilities, classes, chosen, expected, size } = answersOf(set, table, events, minExpectedR)
  const known = table.strategies.map(name => classes.includes(name))
  const unfiltered = set.baselineRoles.has('execution')
  const roles = new Map<string, Outcome[]>([...set.roles.keys()].map(role => [role, []]))
  for (const [at, event] of events.entries()) {
    const span = { from: event.from, at: event.at }
    const own = probabilities.subarray(at * classes.length, (at + 1) * classes.length)
    const stated = Math.max(...own)
    const best = bestRow(table, event, known)
    const truth = best < 0 ? NONE : table.strategies[table.strategy[best]!]!
    const row = chosen[at]!
    const traded = row >= 0 && (unfiltered || expected[at]! >= minExpectedR)
    const r = traded ? table.r[row]! : null
    const costR = traded ? (table.slip[row]! * step) / Math.abs(table.entry[row]! - table.stop[row]!) : null
    const error = classes[own.indexOf(stated)] === truth ? 0 : 1
    roles.get('meta')?.push({ ...span, error, stated, r, costR })
    if (row >= 0) {
      const miss = Math.min(1, Math.abs(table.r[row]! - expected[at]!) / WIDEST_R)
      roles.get('execution')?.push({ ...span, error: miss, stated: null, r: null, costR: null })
    }
    const sized = r === null ? null : r * size[at]!
    roles.get('rl_sizer')?.push({ ...span, error: null, stated: null, r: sized, costR: null })
  }
  for (const role of set.baselineRoles) roles.delete(role)
  return roles
}

export type RowsBeside = {
  /** Raw rows of the strongest candidates, the columns of the meta role; row-major. */
  readonly before: Float32Array
  readonly since: Float32Array
}

/** Rows that the training of a set could know, from the first it was fitted on, and those that came after them; of these the newest `most`. */
export function rowsBeside(
  set: ModelSet,
  { table, asOf }: Pick<OutcomeOptions, 'table' | 'asOf'>,
  most: number,
): RowsBeside {
  const [from] = set.evaluation.windows.fit
  const { dataEnd } = set.windows
  const rows: { readonly before: number[]; readonly since: number[] } = { before: [], since: [] }
  for (let row = 0; row < table.length; ) {
    let next = row
    while (next < table.length && table.bar[next] === table.bar[row]) next++
    const time = table.time[row]!
    if (time > asOf) break
    if (time >= from) (time <= dataEnd ? rows.before : rows.since).push(strongestOf(table, { row, size: next - row }))
    row = next
  }
  const gather = (chosen: readonly number[]): Float32Array => {
    const width = META_COLUMNS.length
    const made = new Float32Array(chosen.length * width)
    for (const [at, row] of chosen.entries()) {
      for (const [i, column] of META_COLUMNS.entries())
        made[at * width + i] = table.features[row * FEATURE_COUNT + column]!
    }
    return made
  }
  return { before: gather(rows.before), since: gather(rows.since.slice(-most)) }
}
