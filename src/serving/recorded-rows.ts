// The rows that were decided on last, per role: what the next set is warmed up with (SRV-32).

import { REPLAYED, type Recorded } from './warm-up.ts'

export interface RecordedRows {
  /** Copies the row. */
  note(role: string, row: ArrayLike<number>): void
  readonly rows: Recorded
}

type Ring = { readonly width: number; readonly values: Float32Array; noted: number }

/** @example const recorded = recordedRows(); recorded.note('meta', row); recorded.rows('meta')?.length // 17 */
export function recordedRows(most = REPLAYED): RecordedRows {
  const rings = new Map<string, Ring>()
  return {
    note(role, row) {
      const known = rings.get(role)
      // A set of other columns has taken charge: what was asked before fits it no more.
      const ring =
        known?.width === row.length
          ? known
          : { width: row.length, values: new Float32Array(most * row.length), noted: 0 }
      if (ring !== known) rings.set(role, ring)
      ring.values.set(row, (ring.noted % most) * ring.width)
      ring.noted++
    },
    rows(role) {
      const ring = rings.get(role)
      if (ring === undefined) return undefined
      const { width, values, noted } = ring
      if (noted <= most) return values.slice(0, noted * width)
      const oldest = (noted % most) * width
      const inOrder = new Float32Array(values.length)
      inOrder.set(values.subarray(oldest))
      inOrder.set(values.subarray(0, oldest), values.length - oldest)
      return inOrder
    },
  }
}
