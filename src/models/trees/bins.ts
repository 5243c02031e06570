// Columns of float32 turned into at most 255 value bins and one bin for missing values: what the tree engine searches (TREE-01).

import { type Crew, shared, type Turns, takeTurn, turns } from '../crew.ts'
import { radixOrder } from './radix-order.ts'
import { LARGEST, thresholdBetween } from './threshold.ts'

/** Bin of missing values; value bins are 0-254. */
export const MISSING_BIN = 255
export const MAX_VALUE_BINS = 255

export type BinnedMatrix = {
  readonly count: number
  readonly width: number
  /** Column-major: the bin of row `r` in column `c` is `bins[c * count + r]`. */
  readonly bins: Uint8Array
  /** Per column: a value is in a bin <= b exactly when it is <= `edges[b]`. One entry fewer than value bins. */
  readonly edges: readonly Float32Array[]
  /** Per column, 1 where some value is missing. */
  readonly missing: Uint8Array
}

/** What a split after this bin compares with; after the last one it divides what is there from what is missing. */
export const thresholdAfter = ({ edges }: BinnedMatrix, column: number, bin: number): number =>
  edges[column]![bin] ?? LARGEST

/** Bins of a column after which a split may lie. */
export const splitsOf = ({ edges, missing }: BinnedMatrix, column: number): number =>
  edges[column]!.length + missing[column]!

/** What the threads that bin columns share; each writes the places of its own columns only. */
type BinTask = {
  readonly rows: Float32Array
  readonly count: number
  readonly width: number
  readonly maxBins: number
  readonly bins: Uint8Array
  /** Per column room for the most edges, and how many there are. */
  readonly edges: Float32Array
  readonly edgeCounts: Int32Array
  readonly missing: Uint8Array
  readonly columns: Turns
}

const MOST_EDGES = MAX_VALUE_BINS - 1

export type BinOptions = { readonly maxBins?: number; readonly crew?: Crew | undefined }

/**
 * Bins of roughly equal row counts; a column with at most `maxBins` distinct values keeps each of them apart.
 * Edges come from these rows only, so hand in training rows (SPLIT-02). With a crew all arrays are in shared memory.
 *
 * @param rows row-major, `count * width`; NaN is missing
 * @example
 * binRows(Float32Array.of(1, 3, 3, NaN), 4, 1).bins // Uint8Array [0, 1, 1, 255]
 */
export function binRows(
  rows: Float32Array,
  count: number,
  width: number,
  { maxBins = MAX_VALUE_BINS, crew }: BinOptions = {},
): BinnedMatrix {
  if (!Number.isInteger(maxBins) || maxBins < 2 || maxBins > MAX_VALUE_BINS) throw new RangeError(`maxBins ${maxBins}`)
  const room = (bytes: number) => (crew === undefined ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes))
  const task: BinTask = {
    rows: crew === undefined ? rows : shared(rows),
    count,
    width,
    maxBins,
    bins: new Uint8Array(room(count * width)),
    edges: new Float32Array(room(4 * width * MOST_EDGES)),
    edgeCounts: new Int32Array(room(4 * width)),
    missing: new Uint8Array(room(width)),
    columns: turns(width),
  }
  const finish = crew?.start('bins', task)
  binColumns(task)
  finish?.()
  const edges = Array.from(task.edgeCounts, (edgeCount, column) =>
    task.edges.slice(column * MOST_EDGES, column * MOST_EDGES + edgeCount),
  )
  return { count, width, bins: task.bins, edges, missing: task.missing }
}

/** Bins columns as long as there is one that nobody has. */
export function binColumns({ rows, count, width, maxBins, bins, edges, edgeCounts, missing, columns }: BinTask): void {
  const values = new Float32Array(count)
  const order = radixOrder(count)
  for (let column = takeTurn(columns); column !== undefined; column = takeTurn(columns)) {
    for (let row = 0, at = column; row < count; row++, at += width) values[row] = rows[at]!
    const sorted = order(values)
    const runs = runsOfEqual(values, sorted)
    if (runs.present < count) missing[column] = 1
    const cuts = cutRuns(runs, maxBins)
    const own = fillColumn(bins.subarray(column * count, (column + 1) * count), values, sorted, runs, cuts)
    edges.set(own, column * MOST_EDGES)
    edgeCounts[column] = own.length
  }
}

/** Where each run of equal values starts in sorted order, and how many values are not missing. */
type Runs = { readonly starts: Int32Array; readonly length: number; readonly present: number }

function runsOfEqual(values: Float32Array, sorted: Uint32Array): Runs {
  const starts = new Int32Array(sorted.length + 1)
  let length = 0
  let present = 0
  let previous = Number.NaN
  for (; present < sorted.length; present++) {
    const value = values[sorted[present]!]!
    if (Number.isNaN(value)) break
    if (value !== previous) starts[length++] = present
    previous = value
  }
  starts[length] = present
  return { starts, length, present }
}

/** Runs that open a bin. Greedy: a bin closes when it has its share of the rows still to place. */
function cutRuns({ starts, length, present }: Runs, maxBins: number): Int32Array {
  if (length <= maxBins) return Int32Array.from({ length }, (_, run) => run)
  const opens: number[] = [0]
  let from = 0
  for (let run = 1; run < length; run++) {
    const left = maxBins - opens.length
    if (left === 0) break
    const share = (present - from) / (left + 1)
    const mustCut = length - run <= left
    // Cut before this run when the bin is full, or when this run would overshoot further than stopping here falls short.
    const here = starts[run]! - from
    const withRun = starts[run + 1]! - from
    if (mustCut || here >= share || (withRun > share && withRun - share > share - here)) {
      opens.push(run)
      from = starts[run]!
    }
  }
  return Int32Array.from(opens)
}

function fillColumn(
  column: Uint8Array,
  values: Float32Array,
  sorted: Uint32Array,
  { starts, present }: Runs,
  cuts: Int32Array,
): Float32Array {
  const edges = new Float32Array(Math.max(0, cuts.length - 1))
  for (let bin = 0; bin < cuts.length; bin++) {
    const from = starts[cuts[bin]!]!
    const to = bin + 1 < cuts.length ? starts[cuts[bin + 1]!]! : present
    for (let at = from; at < to; at++) column[sorted[at]!] = bin
    if (bin > 0) edges[bin - 1] = thresholdBetween(values[sorted[from - 1]!]!, values[sorted[from]!]!)
  }
  for (let at = present; at < sorted.length; at++) column[sorted[at]!] = MISSING_BIN
  return edges
}
