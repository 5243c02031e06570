// Histograms of nodes in a fixed room, and the best split that they show (Chen and Guestrin 2016, equation 7).

import { type BinnedMatrix, splitsOf, thresholdAfter } from './bins.ts'
import { COLUMN_BYTES, type Units, type ValueRows } from './value-rows.ts'

export type ValueSplit = {
  /** How much the loss falls. */
  readonly gain: number
  readonly column: number
  readonly threshold: number
  /** The last one on the left; -1 where there are no bins. */
  readonly bin: number
  readonly missingLeft: number
}

/** Places of the row order. */
export type Range = { readonly from: number; readonly to: number }

export type ValueSplitLimits = {
  readonly l2: number
  readonly minLeafRows: number
  readonly minLeafWeight: number
  readonly minGain: number
  /** Per column 1 where values may only rise with it, -1 where they may only fall; 0 and columns beyond the end are free. */
  readonly monotone: readonly number[]
}

/** Finds splits and divides rows by them. A histogram is named by the byte where it starts. */
export interface ValueSearch {
  /** Sums the rows `order[from, to)` in the given columns. */
  fill(columns: Int32Array, from: number, to: number): number
  /** Takes a child from its parent, which leaves the other child in the parent's place. */
  subtract(parent: number, child: number): void
  release(histogram: number): void
  /** A tie keeps the earlier column and the lower bin. */
  best(histogram: number, node: Range, columns: Int32Array, units: Units): ValueSplit | undefined
  /** Puts the rows that go left first, else keeping their order; @returns where the others begin. */
  divide(range: Range, split: ValueSplit): number
}

/** Gains below this share of a node's own score are rounding, not information. */
export const ROUNDING = 1e-12

export function nodeHistograms(matrix: BinnedMatrix, rows: ValueRows, limits: ValueSplitLimits): ValueSearch {
  const { count, width } = matrix
  const { partition, addColumn, addFourColumns, subtract, sumColumn, searchValues } = rows.memory.kernels
  const { order, spare, bins, pairs, histograms } = rows
  const bytes = width * COLUMN_BYTES
  const free = Array.from({ length: histograms.byteLength / bytes }, (_, i) => histograms.byteOffset + i * bytes)
  const node = rows.memory.doubles(2)
  const bestGain = rows.memory.doubles(3)
  const bestPlace = new Int32Array(bestGain.buffer, bestGain.byteOffset + 8, 3)
  const { l2, minLeafRows, minLeafWeight, minGain, monotone } = limits

  return {
    fill(columns, from, to) {
      const histogram = free.pop()
      if (histogram === undefined) throw new RangeError('more nodes hold histograms than there is room for')
      const start = (histogram - histograms.byteOffset) / 8
      histograms.fill(0, start, start + bytes / 8)
      const first = order.byteOffset + 4 * from
      const end = order.byteOffset + 4 * to
      for (let at = 0; at < columns.length; ) {
        const column = columns[at]!
        const own = bins.byteOffset + column * count
        const cells = histogram + column * COLUMN_BYTES
        const together = columns[at + 3] === column + 3
        if (together) addFourColumns(first, end, own, count, cells, pairs.byteOffset)
        else addColumn(first, end, own, cells, pairs.byteOffset)
        at += together ? 4 : 1
      }
      return histogram
    },
    subtract: (parent, child) => subtract(parent, parent + bytes, child),
    release: histogram => {
      free.push(histogram)
    },
    best(histogram, _, columns, units) {
      // In packed units, so that the search needs no conversion; the true gain is half of the found one, converted back.
      const perGain = (units.gradient * units.gradient) / units.curvature / 2
      const smoothing = l2 / units.curvature
      sumColumn(histogram + columns[0]! * COLUMN_BYTES, node.byteOffset)
      const score = (node[0]! * node[0]!) / (node[1]! + smoothing)
      bestGain[0] = Math.max(minGain / perGain, score * ROUNDING)
      bestPlace[0] = -1
      for (const column of columns) {
        searchValues(
          histogram + column * COLUMN_BYTES,
          splitsOf(matrix, column),
          node.byteOffset,
          bestGain.byteOffset,
          column,
          smoothing,
          Math.max(1, minLeafRows),
          minLeafWeight / units.curvature,
          units.step,
          score,
          monotone[column] ?? 0,
        )
      }
      const [column = -1, bin = -1, missingLeft = 0] = bestPlace
      if (column < 0) return undefined
      return { gain: bestGain[0] * perGain, column, threshold: thresholdAfter(matrix, column, bin), bin, missingLeft }
    },
    divide({ from, to }, { column, bin, missingLeft }) {
      const place = (at: number) => order.byteOffset + 4 * at
      const own = bins.byteOffset + column * count
      const cut = partition(place(from), place(to), own, bin, missingLeft, spare.byteOffset)
      return (cut - order.byteOffset) / 4
    },
  }
}
