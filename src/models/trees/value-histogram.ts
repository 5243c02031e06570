// Sums of gradients and curvatures per bin and column, over the rows of one node.

import type { BinnedMatrix } from './bins.ts'
import type { Gradients } from './gradients.ts'

const BINS = 256

export type ValueHistogram = {
  /** `column * 256 + bin`: sums of `Gradients.packed`. */
  readonly packed: Float64Array
  /** The same of `Gradients.curvatures`, where those exist. */
  readonly curvatures: Float64Array
}

export type HistogramPool = { take(): ValueHistogram; release(histogram: ValueHistogram): void }

/** Histograms of any content, made once and lent again. */
export function histogramPool(width: number): HistogramPool {
  const free: ValueHistogram[] = []
  return {
    take: () => free.pop() ?? { packed: new Float64Array(width * BINS), curvatures: new Float64Array(width * BINS) },
    release: histogram => {
      free.push(histogram)
    },
  }
}

/** Overwrites the histogram with the sums over rows `order[from, to)`, for the given columns. */
export function fillHistogram(
  histogram: ValueHistogram,
  { bins, count }: BinnedMatrix,
  columns: Int32Array,
  gradients: Gradients,
  order: Int32Array,
  from: number,
  to: number,
): void {
  for (const column of columns) {
    const base = column * BINS
    fillColumn(histogram.packed, base, bins, column * count, gradients.packed, order, from, to)
    if (gradients.curvatures === undefined) continue
    fillColumn(histogram.curvatures, base, bins, column * count, gradients.curvatures, order, from, to)
  }
}

function fillColumn(
  sums: Float64Array,
  base: number,
  bins: Uint8Array,
  start: number,
  values: Float64Array,
  order: Int32Array,
  from: number,
  to: number,
): void {
  sums.fill(0, base, base + BINS)
  for (let at = from; at < to; at++) {
    const row = order[at]!
    sums[base + bins[start + row]!]! += values[row]!
  }
}

/** Takes one child's sums from its parent's, which leaves the other child's. */
export function subtractHistogram(
  parent: ValueHistogram,
  child: ValueHistogram,
  columns: Int32Array,
  curved: boolean,
): void {
  for (const column of columns) {
    subtract(parent.packed, child.packed, column * BINS)
    if (curved) subtract(parent.curvatures, child.curvatures, column * BINS)
  }
}

function subtract(from: Float64Array, what: Float64Array, base: number): void {
  for (let cell = base; cell < base + BINS; cell++) from[cell]! -= what[cell]!
}
