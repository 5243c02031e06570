// Grows regression trees on gradients and curvatures of a loss, from histograms where a sibling is parent minus sibling.

import type { FlatTree } from '../../onnx/tree-ensemble.ts'
import type { BinnedMatrix } from './bins.ts'
import { treeBuilder } from './tree-builder.ts'
import { valueRows } from './value-rows.ts'
import { nodeHistograms, type ValueSplit, type ValueSplitLimits } from './value-search.ts'

export type ValueTreeOptions = ValueSplitLimits & {
  /** Splits on the longest path. */
  readonly depth: number
  /** Most leaves. */
  readonly leaves: number
  /** 'depth' divides every node as deep as allowed, 'leaf' always the node that gains most (Shi 2007). */
  readonly growth: 'depth' | 'leaf'
}

/** Rows of one leaf: places `from` up to `to` of the row order. */
export type Leaf = { readonly node: number; readonly from: number; readonly to: number }

export interface ValueTreeGrower {
  /** Of the loss, per row; to be set before each tree. */
  readonly gradients: Float64Array
  /** Absent where every row's is 1. */
  readonly curvatures: Float64Array | undefined
  readonly scores: Float64Array
  /**
   * Leaf values are left 0, for the caller to set. The result is valid until the next tree.
   * @param columns the columns to look at, in rising order
   * @param importance per column; the gains of the splits are added to it
   */
  grow(columns: Int32Array, importance: Float64Array): { readonly tree: FlatTree; readonly leaves: readonly Leaf[] }
  /** Row numbers of a leaf, in rising order. */
  rowsOf(leaf: Leaf): Int32Array
  gradientOf(leaf: Leaf): number
  curvatureOf(leaf: Leaf): number
  /** Adds an amount to the scores of a leaf's rows. */
  moveScores(leaf: Leaf, amount: number): void
}

type OpenNode = Leaf & { readonly depth: number; readonly histogram: number; readonly split: ValueSplit }

/** A grower whose memory serves every tree of an ensemble. @param curved whether rows differ in curvature */
export function valueTreeGrower(matrix: BinnedMatrix, options: ValueTreeOptions, curved: boolean): ValueTreeGrower {
  const { count, edges } = matrix
  const most = Math.min(options.leaves, Math.ceil(count / Math.max(1, options.minLeafRows)), 2 ** options.depth)
  // Dividing the node opened last leaves at most one sibling per level open.
  const held = options.growth === 'depth' ? Math.min(options.depth, most) : most
  const rows = valueRows(matrix, held + 2, curved)
  const { order, spare, bins, gradients, curvatures, scores } = rows
  const { partition, sumRows, addToRows } = rows.memory.kernels
  const histograms = nodeHistograms(matrix, rows, options)
  const enough = 2 * Math.max(1, options.minLeafRows)
  const place = (at: number) => order.byteOffset + 4 * at
  const sum = (values: Float64Array, { from, to }: Leaf) => sumRows(place(from), place(to), values.byteOffset)

  return {
    gradients,
    curvatures,
    scores,
    grow(columns, importance) {
      const units = rows.round()
      const tree = treeBuilder(1)
      const open: OpenNode[] = []
      const leaves: Leaf[] = []
      const divisible = ({ from, to }: Leaf, depth: number) => depth < options.depth && to - from >= enough
      /** Keeps a node open when dividing it gains, else closes it as a leaf. */
      const settle = (leaf: Leaf, depth: number, histogram: number): void => {
        const split = divisible(leaf, depth) ? histograms.best(histogram, columns, units) : undefined
        if (split !== undefined) {
          open.push({ ...leaf, depth, histogram, split })
          return
        }
        histograms.release(histogram)
        leaves.push(leaf)
      }

      for (let row = 0; row < count; row++) order[row] = row
      const root = { node: 0, from: 0, to: count }
      if (divisible(root, 0)) settle(root, 0, histograms.fill(columns, 0, count))
      else leaves.push(root)

      while (open.length > 0 && open.length + leaves.length < most) {
        const { from, to, node, depth, histogram, split } = takeNext(open, options.growth)
        const { column, bin, missingLeft, gain } = split
        importance[column]! += gain
        const own = bins.byteOffset + column * count
        const cut = partition(place(from), place(to), own, bin, missingLeft, spare.byteOffset)
        const middle = (cut - order.byteOffset) / 4
        const child = tree.split(node, column, edges[column]![bin]!, missingLeft === 1)
        const left = { node: child, from, to: middle }
        const right = { node: child + 1, from: middle, to }
        if (!divisible(left, depth + 1) && !divisible(right, depth + 1)) {
          histograms.release(histogram)
          leaves.push(left, right)
          continue
        }
        const [small, large] = middle - from <= to - middle ? [left, right] : [right, left]
        const summed = histograms.fill(columns, small.from, small.to)
        histograms.subtract(histogram, summed)
        settle(small, depth + 1, summed)
        settle(large, depth + 1, histogram)
      }
      for (const { node, from, to, histogram } of open) {
        histograms.release(histogram)
        leaves.push({ node, from, to })
      }
      return { tree: tree.finish(), leaves }
    },
    rowsOf: ({ from, to }) => order.subarray(from, to),
    gradientOf: leaf => sum(gradients, leaf),
    curvatureOf: leaf => (curvatures === undefined ? leaf.to - leaf.from : sum(curvatures, leaf)),
    moveScores: (leaf, amount) => addToRows(place(leaf.from), place(leaf.to), scores.byteOffset, amount),
  }
}

function takeNext(open: OpenNode[], growth: 'depth' | 'leaf'): OpenNode {
  if (growth === 'depth') return open.pop()!
  let best = 0
  for (let at = 1; at < open.length; at++) if (open[at]!.split.gain > open[best]!.split.gain) best = at
  return open.splice(best, 1)[0]!
}
