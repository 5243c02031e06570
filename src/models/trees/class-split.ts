// The split of one column that leaves the purest children by weighted Gini impurity (Breiman et al. 1984, section 4.3).

import { MISSING_BIN } from './bins.ts'
import type { ClassHistogram } from './class-histogram.ts'

/** The best split found so far in a node; mutated as columns are looked at. */
export type ClassSplit = {
  /** Sum over children of (sum of squared class weights) / weight, less the node's own; 0 when none was found. */
  gain: number
  column: number
  bin: number
  missingLeft: boolean
}

export type NodeClasses = {
  /** Weight of each class in the node. */
  readonly totals: Float64Array
  /** Sum of `totals`. */
  readonly weight: number
  /** Sum of squared `totals`, over `weight`. */
  readonly score: number
  readonly rows: number
}

/** Gains below this share of the node's score are rounding, not information. */
const ROUNDING = 1e-12

/**
 * Looks at every split of one column and keeps the best in `best`; a tie keeps the earlier one. Missing rows are
 * tried on both sides.
 *
 * @param left scratch, one per class
 * @returns whether the rows differ in this column at all
 */
export function searchClassSplit(
  histogram: ClassHistogram,
  column: number,
  node: NodeClasses,
  minLeaf: number,
  left: Float64Array,
  best: ClassSplit,
): boolean {
  const varies = sweep(histogram, column, node, minLeaf, left, best, false)
  if (histogram.counts[MISSING_BIN] === 0) return varies
  return sweep(histogram, column, node, minLeaf, left, best, true) || varies
}

function sweep(
  { classes, weights, counts, used }: ClassHistogram,
  column: number,
  { totals, weight, score, rows }: NodeClasses,
  minLeaf: number,
  left: Float64Array,
  best: ClassSplit,
  missingLeft: boolean,
): boolean {
  let leftRows = 0
  let leftWeight = 0
  left.fill(0)
  if (missingLeft) {
    leftRows = counts[MISSING_BIN]!
    for (let k = 0; k < classes; k++) {
      const missing = weights[MISSING_BIN * classes + k]!
      left[k] = missing
      leftWeight += missing
    }
  }
  let bestGain = Math.max(best.gain, score * ROUNDING)
  let bestBin = -1
  let varies = false
  for (let word = 0; word < 8; word++) {
    // The last bin is of missing values and closes no split.
    let bits = word === 7 ? used[word]! & 0x7fffffff : used[word]!
    while (bits !== 0) {
      const bin = word * 32 + 31 - Math.clz32(bits & -bits)
      bits &= bits - 1
      const here = counts[bin]!
      if (here === 0) continue
      leftRows += here
      if (leftRows === rows) {
        word = 8
        break
      }
      varies = true
      let leftSquares = 0
      let rightSquares = 0
      let cell = bin * classes
      for (let k = 0; k < classes; k++, cell++) {
        const added = weights[cell]!
        const own = left[k]! + added
        const other = totals[k]! - own
        left[k] = own
        leftWeight += added
        leftSquares += own * own
        rightSquares += other * other
      }
      if (leftRows < minLeaf) continue
      if (rows - leftRows < minLeaf) {
        word = 8
        break
      }
      const gain = leftSquares / leftWeight + rightSquares / (weight - leftWeight) - score
      if (gain > bestGain) {
        bestGain = gain
        bestBin = bin
      }
    }
  }
  if (bestBin >= 0) {
    best.gain = bestGain
    best.column = column
    best.bin = bestBin
    best.missingLeft = missingLeft
  }
  return varies
}
