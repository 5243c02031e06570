// The split of a node that lowers the loss most, to second order with L2 on leaf values (Chen and Guestrin 2016, equation 7).

import { type BinnedMatrix, MISSING_BIN } from './bins.ts'
import type { Gradients } from './gradients.ts'
import type { ValueHistogram } from './value-histogram.ts'

export type ValueSplit = {
  /** How much the loss falls. */
  gain: number
  column: number
  bin: number
  missingLeft: boolean
}

export type ValueSplitLimits = {
  readonly l2: number
  readonly minLeafRows: number
  readonly minLeafWeight: number
  readonly minGain: number
}

type NodeSums = {
  readonly rows: number
  readonly gradient: number
  readonly curvature: number
  /** gradient^2 / (curvature + l2). */
  readonly score: number
}

/** Gains below this share of a node's own score are rounding, not information. */
const ROUNDING = 1e-12

/** The best split over the columns; a tie keeps the earlier column and the lower bin. */
export function searchValueSplits(
  matrix: BinnedMatrix,
  histogram: ValueHistogram,
  gradients: Gradients,
  columns: Int32Array,
  limits: ValueSplitLimits,
): ValueSplit | undefined {
  const node = nodeSums(histogram, gradients, columns[0]!, limits.l2)
  const best: ValueSplit = {
    gain: Math.max(2 * limits.minGain, node.score * ROUNDING),
    column: -1,
    bin: 0,
    missingLeft: false,
  }
  for (const column of columns) {
    const bins = matrix.edges[column]!.length
    sweep(histogram, column, bins, gradients, node, limits, best, false)
    if (histogram.packed[column * 256 + MISSING_BIN] !== 0) {
      sweep(histogram, column, bins, gradients, node, limits, best, true)
    }
  }
  return best.column < 0 ? undefined : { ...best, gain: best.gain / 2 }
}

function nodeSums(histogram: ValueHistogram, gradients: Gradients, column: number, l2: number): NodeSums {
  const { step, gradientUnit, curvatureUnit, curvatures } = gradients
  let packed = 0
  let whole = 0
  for (let cell = column * 256; cell < column * 256 + 256; cell++) {
    packed += histogram.packed[cell]!
    whole += histogram.curvatures[cell]!
  }
  const rows = Math.floor(packed / step + 0.5)
  const gradient = (packed - rows * step) * gradientUnit
  const curvature = curvatures === undefined ? rows : whole * curvatureUnit
  return { rows, gradient, curvature, score: (gradient * gradient) / (curvature + l2) }
}

/** Tries the splits of one column from the lowest bin up, with missing rows on the side given. */
function sweep(
  { packed, curvatures }: ValueHistogram,
  column: number,
  splits: number,
  gradients: Gradients,
  node: NodeSums,
  { l2, minLeafRows, minLeafWeight }: ValueSplitLimits,
  best: ValueSplit,
  missingLeft: boolean,
): void {
  const { step, gradientUnit, curvatureUnit } = gradients
  const curved = gradients.curvatures !== undefined
  const perStep = 1 / step
  const base = column * 256
  let sum = missingLeft ? packed[base + MISSING_BIN]! : 0
  let whole = missingLeft ? curvatures[base + MISSING_BIN]! : 0
  let bestGain = best.gain
  let bestBin = -1
  for (let bin = 0; bin < splits; bin++) {
    const here = packed[base + bin]!
    if (here === 0) continue
    sum += here
    if (curved) whole += curvatures[base + bin]!
    const leftRows = Math.floor(sum * perStep + 0.5)
    if (leftRows < minLeafRows) continue
    const rightRows = node.rows - leftRows
    if (rightRows < minLeafRows || rightRows === 0) break
    const leftGradient = (sum - leftRows * step) * gradientUnit
    const leftCurvature = curved ? whole * curvatureUnit : leftRows
    const rightGradient = node.gradient - leftGradient
    const rightCurvature = node.curvature - leftCurvature
    if (leftCurvature < minLeafWeight || rightCurvature < minLeafWeight) continue
    const gain =
      (leftGradient * leftGradient) / (leftCurvature + l2) +
      (rightGradient * rightGradient) / (rightCurvature + l2) -
      node.score
    if (gain > bestGain) {
      bestGain = gain
      bestBin = bin
    }
  }
  if (bestBin < 0) return
  best.gain = bestGain
  best.column = column
  best.bin = bestBin
  best.missingLeft = missingLeft
}
