// Room for candidate rows: a new table, space for one more row, and the identity of a row.

import { sha256 } from '../base/hash.ts'
import type { CandidateTable } from './candidate-table.ts'
import { FEATURE_COUNT } from './candidate-table.ts'

type Columns = Omit<CandidateTable, 'symbol' | 'strategies' | 'length'>

function columns(capacity: number): Columns {
  const unknown = () => new Float64Array(capacity).fill(Number.NaN)
  return {
    time: new Float64Array(capacity),
    bar: new Int32Array(capacity),
    strategy: new Uint8Array(capacity),
    direction: new Int8Array(capacity),
    session: new Uint8Array(capacity),
    regime: new Uint8Array(capacity),
    fired: new Uint8Array(capacity),
    features: new Float32Array(capacity * FEATURE_COUNT),
    mask: new Uint32Array(capacity),
    baselineMultiplier: new Float32Array(capacity),
    atr: new Float64Array(capacity),
    entry: unknown(),
    stop: unknown(),
    target: unknown(),
    state: new Uint8Array(capacity),
    win: new Uint8Array(capacity),
    r: unknown(),
    slip: new Float32Array(capacity),
    labelEnd: unknown(),
  }
}

/** @param capacity rows to make room for at first; the table grows as it fills */
export function candidateTable(symbol: string, strategies: readonly string[], capacity = 1024): CandidateTable {
  return { symbol, strategies, length: 0, ...columns(Math.max(1, capacity)) }
}

/** Adds an empty row and gives its index. Columns may be replaced by longer ones, so views of them do not outlive the call. */
export function addRow(table: CandidateTable): number {
  if (table.length === table.time.length) {
    const longer = columns(2 * table.length)
    for (const name of Object.keys(longer) as (keyof Columns)[]) longer[name].set(table[name])
    Object.assign(table, longer)
  }
  return table.length++
}

/** The 17 columns of a row: a view. */
export function rowFeatures(table: CandidateTable, row: number): Float32Array {
  return table.features.subarray(row * FEATURE_COUNT, (row + 1) * FEATURE_COUNT)
}

/** First 16 hex of SHA-256(symbol|strategy|timestamp|direction|schemaHash), the timestamp in ms UTC (LABEL-01). */
export function signalId(table: CandidateTable, row: number, schemaHash: string): string {
  const strategy = table.strategies[table.strategy[row]!]
  return sha256(`${table.symbol}|${strategy}|${table.time[row]}|${table.direction[row]}|${schemaHash}`).slice(0, 16)
}
