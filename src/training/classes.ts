// The classes of the meta model: per event the strategy with the best R, or None where even the best lost (section 5).

import type { CandidateTable } from '../trading/candidate-table.ts'
import { strengthOf } from './events.ts'

export const NONE = 'None'

export type EventClasses = {
  /** Strategies with enough events in catalogue order, then None; empty where there are not two classes. */
  readonly names: readonly string[]
  /** Index into `names` per event. */
  readonly label: Uint8Array
  readonly smallest: number
  /** Events per class before any was left out, for people. */
  readonly counted: string
}

/** Of strategies that earned the same, the one that a decision would have taken: only what fired can be traded. */
function comesFirst(table: CandidateTable, row: number, other: number): boolean {
  if (table.fired[row] !== table.fired[other]) return table.fired[row] === 1
  return strengthOf(table, row) > strengthOf(table, other)
}

/**
 * Row of the best strategy of an event among `allowed` (by strategy index), or -1 where none earned anything. Strategies of one side
 * share entry, stop and target, hence R: such ties go to the one that fired, then to the stronger signal, then to strategy order.
 */
export function bestRow(
  table: CandidateTable,
  { row, size }: { readonly row: number; readonly size: number },
  allowed: readonly boolean[],
): number {
  let best = -1
  for (let other = row; other < row + size; other++) {
    if (allowed[table.strategy[other]!] !== true || !(table.r[other]! > 0)) continue
    const gain = best < 0 ? 1 : table.r[other]! - table.r[best]!
    if (gain > 0 || (gain === 0 && comesFirst(table, other, best))) best = other
  }
  return best
}

/**
 * A strategy that is best in less than `minPerClass` of the events of `counting` is no class; its events go to the next best.
 *
 * @param counting indices into `groups`: the events that decide which strategies are classes (SPLIT-03)
 */
export function classify(
  table: CandidateTable,
  groups: readonly { readonly row: number; readonly size: number }[],
  counting: Int32Array,
  minPerClass: number,
): EventClasses {
  const tally = (allowed: readonly boolean[]): { best: number[]; counts: number[]; none: number } => {
    const rows = groups.map(group => bestRow(table, group, allowed))
    const best = rows.map(row => (row < 0 ? -1 : table.strategy[row]!))
    const counts = allowed.map(() => 0)
    for (const event of counting) if (best[event]! >= 0) counts[best[event]!]! += 1
    return { best, counts, none: counting.length - counts.reduce((sum, each) => sum + each, 0) }
  }
  const first = tally(table.strategies.map(() => true))
  const counted = [...table.strategies.map((name, i) => `${name} ${first.counts[i]}`), `${NONE} ${first.none}`].join(
    ', ',
  )
  const allowed = first.counts.map(events => events >= minPerClass)
  const { best, counts, none } = tally(allowed)
  const names = table.strategies.filter((_, strategy) => allowed[strategy])
  if (names.length === 0 || none < minPerClass) return { names: [], label: new Uint8Array(0), smallest: 0, counted }
  return {
    names: [...names, NONE],
    label: Uint8Array.from(best, each => (each < 0 ? names.length : names.indexOf(table.strategies[each]!))),
    smallest: Math.min(none, ...counts.filter((_, strategy) => allowed[strategy])),
    counted,
  }
}
