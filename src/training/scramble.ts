// Rows that must not be seen, made unrecognisable: what is fitted on the others cannot tell (SPLIT-02).

import type { Rng } from '../base/rng.ts'
import { type CandidateTable, FEATURE_COUNT } from '../trading/candidate-table.ts'
import type { Dataset } from './dataset.ts'

/** Far from anything a market does. */
const WILD = 10

/**
 * A copy in which every row but the seen ones has other features, another outcome, other prices, and all of them one strategy. When a row was
 * stated and when its label was known stay: a split may look at those.
 *
 * @param seen rows of the table
 * @example scrambleTable(table, candidatesOf(data, data.split.fit).rows, rng)
 */
export function scrambleTable(table: CandidateTable, seen: Iterable<number>, rng: Rng): CandidateTable {
  const copy = structuredClone(table)
  const kept = new Set(seen)
  const strategy = rng.int(table.strategies.length)
  for (let row = 0; row < table.length; row++) {
    if (kept.has(row)) continue
    for (let c = 0; c < FEATURE_COUNT; c++) {
      const at = row * FEATURE_COUNT + c
      copy.features[at] = copy.features[at]! * Math.exp(rng.normal()) + WILD * rng.normal()
    }
    const r = 3 * rng.normal()
    copy.r[row] = r
    copy.win[row] = r > 0 ? 1 : 0
    copy.fired[row] = rng.int(2)
    copy.strategy[row] = strategy
    copy.direction[row] = rng.int(2) === 0 ? -1 : 1
    copy.slip[row] = rng.int(20)
    for (const prices of [copy.entry, copy.stop, copy.target, copy.atr]) prices[row] = WILD * Math.exp(rng.normal())
  }
  return copy
}

/**
 * The same for a data set that is already split: its classes stay, the labels of unseen events are drawn anew.
 *
 * @param events indices of the events that may be seen
 */
export function scrambleDataset(data: Dataset, events: Int32Array, rng: Rng): Dataset {
  const kept = new Set(events)
  const rows: number[] = []
  for (const event of events) {
    for (let at = 0; at < data.events.size[event]!; at++) rows.push(data.rows[data.events.first[event]! + at]!)
  }
  const label = data.events.label.map((own, event) => (kept.has(event) ? own : rng.int(data.classes.length)))
  return { ...data, table: scrambleTable(data.table, rows, rng), events: { ...data.events, label } }
}
