// The best split of a few columns, from histograms of classes: how a random forest divides a node (Breiman 2001).

import { type BinnedMatrix, splitsOf, thresholdAfter } from './bins.ts'
import { type ClassMemory, type ClassSplitter, columnDraw, ROUNDING, type SplitLimits } from './class-splits.ts'

/** Bytes beyond the grower's own, in so many arrays. */
export const bestSplitsRoom = ({ count, width }: BinnedMatrix, pairs: number) => ({
  size: count * width + 256 * pairs * 16 + 32 + 24,
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
  const bestGain = memory.doubles(3)
  const bestPlace = new Int32Array(bestGain.buffer, bestGain.byteOffset + 8, 3)
  const draw = columnDraw(width, columns)
  bins.set(matrix.bins)

  return {
    reset: () => draw.reset(),
    split({ from, to, weight, score }, rng) {
      bestGain[0] = score * ROUNDING
      bestPlace[0] = -1
      draw.each(rng, column => {
        if (splitsOf(matrix, column) === 0) return false
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
      const column = bestPlace[0]
      if (column < 0) return undefined
      const bin = bestPlace[1]!
      const missingLeft = bestPlace[2]!
      return {
        column,
        threshold: thresholdAfter(matrix, column, bin),
        missingLeft: missingLeft === 1,
        gain: bestGain[0],
        middle: partition(from, to, bins.byteOffset + column * count, bin, missingLeft, spare.byteOffset),
      }
    },
  }
}
