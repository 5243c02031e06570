// The best split of a few columns, from histograms of classes: how a random forest divides a node (Breiman 2001).

import { type BinnedMatrix, splitsOf, thresholdAfter } from './bins.ts'
import { type ClassMemory, type ClassSplitter, columnDraw, ROUNDING, type SplitLimits } from './class-splits.ts'
import { LEFT_TOTALS } from './wasm/class-search.ts'

/** Bytes beyond the grower's own, in so many arrays. */
export const bestSplitsRoom = ({ count, width }: BinnedMatrix, pairs: number) => ({
  size: count * width + 256 * pairs * 16 + 32 + LEFT_TOTALS + pairs * 16,
  arrays: 4,
})

export function bestSplits(
  matrix: BinnedMatrix,
  { memory, labels, rowWeights, spare, totals, step }: ClassMemory,
  { minLeaf, columns }: SplitLimits,
): ClassSplitter {
  const { count, width } = matrix
  const { partition, searchColumn } = memory.kernels
  const bins = memory.bytes(count * width)
  const cells = memory.doubles(256 * totals.length)
  const used = memory.ints(8)
  const bestGain = memory.doubles(LEFT_TOTALS / 8 + totals.length)
  const bestPlace = new Int32Array(bestGain.buffer, bestGain.byteOffset + 8, 3)
  const splits = Int32Array.from({ length: width }, (_, column) => splitsOf(matrix, column))
  const draw = columnDraw(width, columns)
  bins.set(matrix.bins)

  return {
    reset: () => draw.reset(),
    left: bestGain.subarray(LEFT_TOTALS / 8),
    find({ from, to, weight, score }, rng) {
      bestGain[0] = score * ROUNDING
      bestPlace[0] = -1
      draw.each(rng, column => {
        if (splits[column] === 0) return false
        const varies = searchColumn(
          from,
          to,
          bins.byteOffset + column * count,
          labels.byteOffset,
          rowWeights.byteOffset,
          cells.byteOffset,
          used.byteOffset,
          totals.byteOffset,
          bestGain.byteOffset,
          column,
          minLeaf,
          step,
          weight,
          score,
        )
        return varies === 1
      })
      const [column = -1, bin = 0, missingLeft = 0] = bestPlace
      if (column < 0) return undefined
      const threshold = thresholdAfter(matrix, column, bin)
      return { column, threshold, missingLeft: missingLeft === 1, gain: bestGain[0] }
    },
    divide({ from, to }) {
      const [column = 0, bin = 0, missingLeft = 0] = bestPlace
      return partition(from, to, bins.byteOffset + column * count, bin, missingLeft, spare.byteOffset)
    },
  }
}
