// What an engine decided and filled at each bar, as numbers: the view of it that the leak lint compares (BT-08).

import type { Bar } from '../market/bar.ts'
import type { BarEvent } from './bar-event.ts'
import type { CandidateTable } from './candidate-table.ts'
import type { CandidateBook } from './candidates.ts'
import type { DecisionRecord } from './decision.ts'
import type { Observe } from './leak-lint.ts'
import { type RunOptions, run } from './run.ts'

const OUTCOMES = ['enter', 'exit', 'hold', 'noTrade', 'refused']

function numbersOf(decision: DecisionRecord): number[] {
  const { outcome, chosenRow, score, confidence, expectedR, sizing, equityMicros, position, probabilities } = decision
  const absent = Number.NEGATIVE_INFINITY
  return [
    OUTCOMES.indexOf(outcome),
    chosenRow,
    score ?? absent,
    confidence ?? absent,
    expectedR ?? absent,
    sizing?.lots ?? absent,
    equityMicros,
    position,
    ...probabilities,
  ]
}

/**
 * @param known what else was known at a bar, before anything was decided there
 * @example
 * lintLeaks(observeDecisions(() => candidateBook(options), runOptions), bars, { rng: seededRng(1) }).leaks // []
 */
export function observeDecisions(
  makeBook: () => CandidateBook,
  options: Omit<RunOptions, 'events' | 'table' | 'onDecision' | 'onFill' | 'onBar'>,
  known: (table: CandidateTable, event: BarEvent) => readonly number[] = () => [],
): Observe {
  return (bars: readonly Bar[]) => {
    const book = makeBook()
    const seen: number[][] = []
    let now: number[] = []
    const events = (function* () {
      for (const bar of bars) {
        now = []
        seen.push(now)
        const event = book.update(bar)
        now.push(...known(book.table, event))
        yield event
      }
      // What closing the account does belongs to no bar.
      now = []
    })()
    run({
      ...options,
      events,
      table: book.table,
      onDecision: decision => now.push(...numbersOf(decision)),
      onFill: ({ price, quantity, side, time }) => now.push(price, quantity, side, time),
    })
    return seen
  }
}
