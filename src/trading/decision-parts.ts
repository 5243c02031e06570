// Parts of a decision record that are read off the candidate table.

import { sha256 } from '../base/hash.ts'
import type { Side } from '../market/trade.ts'
import type { BarEvent } from './bar-event.ts'
import { type CandidateTable, FEATURE_COUNT } from './candidate-table.ts'
import type { DecisionCandidate } from './decision.ts'
import { strengthOfRow } from './mask.ts'

export function sideOfRow(table: CandidateTable, row: number): Side {
  return table.direction[row] === 1 ? 1 : -1
}

export function candidatesOf(event: BarEvent, table: CandidateTable): readonly DecisionCandidate[] {
  return Array.from({ length: event.rowCount }, (_, i) => {
    const row = event.firstRow + i
    return {
      strategy: table.strategies[table.strategy[row]!]!,
      side: sideOfRow(table, row),
      strength: strengthOfRow(table, row),
      fired: table.fired[row] === 1,
    }
  })
}

/** SHA-256 over the little-endian float32 columns of a row; null for row -1. */
export function rowHash(table: CandidateTable, row: number): string | null {
  if (row < 0) return null
  const { buffer, byteOffset } = table.features
  return sha256(new Uint8Array(buffer, byteOffset + row * FEATURE_COUNT * 4, FEATURE_COUNT * 4))
}
