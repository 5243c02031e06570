// What a candidate book knew at each bar, as numbers: the view of it that the leak lint compares (FEAT-06).

import type { Bar } from '../market/bar.ts'
import type { CandidateTable } from './candidate-table.ts'
import type { CandidateBook } from './candidates.ts'
import type { Observe } from './leak-lint.ts'
import { rowFeatures } from './table-rows.ts'

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

/**
 * Rows stated at each bar with their features, and the outcomes of rows that were resolved there.
 *
 * @example
 * lintLeaks(observeCandidates(() => candidateBook(options)), bars, { rng: seededRng(1) }).leaks // []
 */
export function observeCandidates(makeBook: () => CandidateBook): Observe {
  return (bars: readonly Bar[]) => {
    const book = makeBook()
    return bars.map(bar => {
      const { firstRow, rowCount, resolved } = book.update(bar)
      const known: number[] = []
      for (let row = firstRow; row < firstRow + rowCount; row++) known.push(...statedAt(book.table, row))
      for (const row of resolved) known.push(...outcomeOf(book.table, row))
      return known
    })
  }
}
