// The best of a few random cuts: how extremely randomised trees divide a node (Geurts, Ernst and Wehenkel 2006, table 1).

import {
  type ClassMemory,
  type ClassSplit,
  type ClassSplitter,
  columnDraw,
  ROUNDING,
  type SplitLimits,
} from './class-splits.ts'
import { LARGEST } from './threshold.ts'

/** Columns as they are, one after the other, a value per row in each. */
export type ValueColumns = { readonly values: Float32Array; readonly count: number; readonly width: number }

/** Bytes beyond the grower's own, in so many arrays. */
export const randomSplitsRoom = ({ count, width }: ValueColumns, pairs: number) => ({
  size: 4 * count * width + 3 * pairs * 16 + 8,
  arrays: 3,
})

/**
 * A cut drawn evenly between two float32 values, in float32, at or above `low` and below `high`.
 *
 * @param share in [0, 1)
 */
export function cutBetween(low: number, high: number, share: number): number {
  const [from, to] = [Math.max(low, -LARGEST), Math.min(high, LARGEST)]
  const cut = Math.fround(from + share * (to - from))
  return cut < high ? cut : low
}

export function randomSplits(
  { values, count, width }: ValueColumns,
  { memory, labels, rowWeights, spare, totals, step }: ClassMemory,
  { minLeaf, columns }: SplitLimits,
): ClassSplitter {
  const { rangeOf, cutClasses, partitionCut } = memory.kernels
  const table = memory.floats(count * width)
  const padded = totals.length
  const tables = memory.doubles(3 * padded)
  const range = memory.floats(2)
  const draw = columnDraw(width, columns)
  table.set(values)

  /** Sum of the squares of class totals by their weight, and the rows, of a part with or without the missing rows. */
  const part = (first: number, withMissing: boolean) => {
    let [weight, squares] = [0, 0]
    for (let k = 0; k < padded; k++) {
      const total = tables[first + k]! + (withMissing ? tables[2 * padded + k]! : 0)
      weight += total
      squares += total * total
    }
    return { rows: weight % step, score: weight > 0 ? squares / weight : 0 }
  }

  const left = new Float64Array(padded)
  let best: ClassSplit | undefined

  return {
    reset: () => draw.reset(),
    left,
    find({ from, to, score }, rng) {
      best = undefined
      let most = score * ROUNDING
      draw.each(rng, column => {
        const own = table.byteOffset + 4 * column * count
        range[0] = Infinity
        range[1] = -Infinity
        rangeOf(from, to, own, range.byteOffset)
        const [low = 0, high = 0] = range
        if (!(low < high)) return false
        const threshold = cutBetween(low, high, rng.next())
        tables.fill(0)
        cutClasses(from, to, own, labels.byteOffset, rowWeights.byteOffset, threshold, tables.byteOffset, 8 * padded)
        const missing = part(2 * padded, false).rows > 0
        for (const missingLeft of missing ? [false, true] : [false]) {
          const [below, above] = [part(0, missingLeft), part(padded, !missingLeft)]
          const gain = below.score + above.score - score
          if (gain <= most || below.rows < minLeaf || above.rows < minLeaf) continue
          most = gain
          best = { column, threshold, missingLeft, gain }
          for (let k = 0; k < padded; k++) left[k] = tables[k]! + (missingLeft ? tables[2 * padded + k]! : 0)
        }
        return true
      })
      return best
    },
    divide({ from, to }) {
      const { column, threshold, missingLeft } = best!
      const own = table.byteOffset + 4 * column * count
      return partitionCut(from, to, own, threshold, missingLeft ? 1 : 0, spare.byteOffset)
    },
  }
}
