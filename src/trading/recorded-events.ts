// Events as they lie in a candidate table: a replay over computed rows sees the same events that the book gave, without computing them again.

import type { Bar } from '../market/bar.ts'
import { FEATURE_NAMES } from '../market/roles.ts'
import type { BarEvent } from './bar-event.ts'
import type { CandidateTable } from './candidate-table.ts'
import { FEATURE_COUNT, LABEL_STATES } from './candidate-table.ts'

const SPREAD = FEATURE_NAMES.indexOf('spread')
const STRENGTH = FEATURE_NAMES.indexOf('signal_strength')
const PENDING = LABEL_STATES.indexOf('pending')

/** A bar without rows: history is still too short, or no strategy has had a side yet. */
export function quietEvent(index: number, bar: Bar, resolved: readonly number[]): BarEvent {
  const unknown = Number.NaN
  return {
    index,
    bar,
    ready: false,
    firstRow: -1,
    rowCount: 0,
    strongest: -1,
    session: 0,
    regime: 0,
    atr: unknown,
    spreadBps: unknown,
    resolved,
  }
}

/** The event of the bar that rows `firstRow ..` belong to. */
export function eventOfRows(
  table: CandidateTable,
  bar: Bar,
  firstRow: number,
  rowCount: number,
  resolved: readonly number[],
): BarEvent {
  const valueOf = (row: number, column: number) => table.features[row * FEATURE_COUNT + column]!
  let strongest = firstRow
  for (let row = firstRow + 1; row < firstRow + rowCount; row++) {
    if (valueOf(row, STRENGTH) > valueOf(strongest, STRENGTH)) strongest = row
  }
  return {
    index: table.bar[firstRow]!,
    bar,
    ready: true,
    firstRow,
    rowCount,
    strongest,
    session: table.session[firstRow]!,
    regime: table.regime[firstRow]!,
    atr: table.atr[firstRow]!,
    spreadBps: valueOf(firstRow, SPREAD),
    resolved,
  }
}

/** First row of the bar or of a later one. */
function firstRowFrom(table: CandidateTable, bar: number): number {
  let low = 0
  let high = table.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (table.bar[middle]! < bar) low = middle + 1
    else high = middle
  }
  return low
}

/** knownAt -> rows that were resolved then, in row order. */
function resolutions(table: CandidateTable, until: number): Map<number, number[]> {
  const byTime = new Map<number, number[]>()
  for (let row = 0; row < table.length; row++) {
    const end = table.labelEnd[row]!
    if (table.state[row] === PENDING || end > until) continue
    const rows = byTime.get(end)
    if (rows === undefined) byTime.set(end, [row])
    else rows.push(row)
  }
  return byTime
}

/**
 * Events of the bars `from` (inclusive) to `to` (exclusive). They equal those of the book, bit for bit; rows that the data's end made
 * void appear with the last bar.
 *
 * @example
 * for (const event of recordedEvents(table, bars, 756, bars.length)) engine.step(event)
 */
export function* recordedEvents(
  table: CandidateTable,
  bars: readonly Bar[],
  from: number,
  to: number,
): Generator<BarEvent, void> {
  const resolved = resolutions(table, bars[to - 1]?.knownAt ?? Number.NEGATIVE_INFINITY)
  let row = firstRowFrom(table, from)
  for (let index = from; index < to; index++) {
    const bar = bars[index]!
    const closed = resolved.get(bar.knownAt) ?? []
    const firstRow = row
    while (row < table.length && table.bar[row] === index) row++
    yield row > firstRow ? eventOfRows(table, bar, firstRow, row - firstRow, closed) : quietEvent(index, bar, closed)
  }
}
