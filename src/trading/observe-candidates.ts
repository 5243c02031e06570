// What a candidate book knew at each bar, as numbers: the view of it that the leak lint compares (FEAT-06).

import type { Bar } from '../market/bar.ts'
import { FEATURE_NAMES } from '../market/roles.ts'
import type { BarEvent } from './bar-event.ts'
import type { CandidateTable } from './candidate-table.ts'
import type { CandidateBook } from './candidates.ts'
import type { Observe } from './leak-lint.ts'
import { rowFeatures } from './table-rows.ts'

const STATED = ['strategy', 'direction', 'fired', 'session', 'regime', 'mask', 'stance_atr', ...FEATURE_NAMES] as const
const OUTCOME = ['row', 'state', 'win', 'r', 'slip', 'entry', 'stop', 'target', 'labelEnd'] as const

/** In the order of `STATED`. */
function statedAt(table: CandidateTable, row: number): number[] {
  return [
    table.strategy[row]!,
    table.direction[row]!,
    table.fired[row]!,
    table.session[row]!,
    table.regime[row]!,
    table.mask[row]!,
    table.atr[row]!,
    ...rowFeatures(table, row),
  ]
}

/** In the order of `OUTCOME`. */
function outcomeOf(table: CandidateTable, row: number): number[] {
  return [
    row,
    table.state[row]!,
    table.win[row]!,
    table.r[row]!,
    table.slip[row]!,
    table.entry[row]!,
    table.stop[row]!,
    table.target[row]!,
    table.labelEnd[row]!,
  ]
}

/** Rows stated at a bar with their features, and the outcomes of rows that were resolved there. */
export function candidatesKnown(table: CandidateTable, { firstRow, rowCount, resolved }: BarEvent): number[] {
  const known: number[] = []
  for (let row = firstRow; row < firstRow + rowCount; row++) known.push(...statedAt(table, row))
  for (const row of resolved) known.push(...outcomeOf(table, row))
  return known
}

/**
 * What was known at each bar.
 *
 * @example
 * lintLeaks(observeCandidates(() => candidateBook(options)), bars, { rng: seededRng(1) }).leaks // []
 */
export function observeCandidates(makeBook: () => CandidateBook): Observe {
  return (bars: readonly Bar[]) => {
    const book = makeBook()
    return bars.map(bar => candidatesKnown(book.table, book.update(bar)))
  }
}

/**
 * What stands in a column of a bar's list, in words.
 *
 * @param rowCount rows stated at that bar, and `outcomes` those resolved there; what stands after them is what was done with them
 * @example nameObserved(9, 4) // 'feature rsi of stance 1'
 */
export function nameObserved(column: number, rowCount: number, outcomes = Infinity): string {
  if (column < 0) return 'how many stances, outcomes, decisions and fills there are'
  const stance = Math.floor(column / STATED.length)
  if (stance < rowCount) {
    const at = column % STATED.length
    const kind = at >= STATED.length - FEATURE_NAMES.length ? 'feature' : 'stance'
    return `${kind} ${STATED[at]} of stance ${stance + 1}`
  }
  const label = column - rowCount * STATED.length
  if (label >= outcomes * OUTCOME.length) return 'a decision or a fill'
  return `label ${OUTCOME[label % OUTCOME.length]} of outcome ${Math.floor(label / OUTCOME.length) + 1}`
}
