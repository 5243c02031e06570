// Grows one regression tree on gradients and curvatures of a loss, from histograms where a sibling is parent minus sibling.

import type { FlatTree } from '../../onnx/tree-ensemble.ts'
import type { BinnedMatrix } from './bins.ts'
import type { Gradients } from './gradients.ts'
import { partitionRows } from './partition.ts'
import { treeBuilder } from './tree-builder.ts'
import { fillHistogram, histogramPool, subtractHistogram, type ValueHistogram } from './value-histogram.ts'
import { searchValueSplits, type ValueSplit } from './value-split.ts'

export type ValueTreeOptions = {
  /** Splits on the longest path. */
  readonly depth: number
  /** Most leaves; with growth by leaf the best ones. */
  readonly leaves: number
  /** 'depth' divides every node as deep as allowed, 'leaf' always the node that gains most (Shi 2007). */
  readonly growth: 'depth' | 'leaf'
  readonly l2: number
  /** Rows that a leaf must have. */
  readonly minLeafRows: number
  /** Curvature (for squared loss: weight) that a leaf must have. */
  readonly minLeafWeight: number
  /** A split must lower the loss by more. */
  readonly minGain: number
}

/** The tree, and which rows ended in which leaf: leaf `nodes[i]` has `order[starts[i], starts[i + 1])`, in row order. */
export type GrownTree = {
  readonly tree: FlatTree
  readonly nodes: readonly number[]
  readonly starts: readonly number[]
  readonly order: Int32Array
}

export interface ValueTreeGrower {
  /**
   * Leaf values are left 0: the caller sets them from unrounded gradients.
   * @param columns the columns to look at
   * @param importance per column; the gains of the splits are added to it
   */
  grow(gradients: Gradients, columns: Int32Array, importance: Float64Array): GrownTree
}

type OpenNode = {
  readonly node: number
  readonly from: number
  readonly to: number
  readonly depth: number
  readonly histogram: ValueHistogram
  readonly split: ValueSplit
}

/** A grower whose buffers serve every tree of an ensemble; a `GrownTree` is valid until the next one is grown. */
export function valueTreeGrower(matrix: BinnedMatrix, options: ValueTreeOptions): ValueTreeGrower {
  const { count: rows, width } = matrix
  const columnBins = Array.from({ length: width }, (_, c) => matrix.bins.subarray(c * rows, (c + 1) * rows))
  const order = new Int32Array(rows)
  const spare = new Int32Array(rows)
  const pool = histogramPool(width)
  const enough = Math.max(2 * options.minLeafRows, 2)

  return {
    grow(gradients, columns, importance) {
      const tree = treeBuilder(1)
      const open: OpenNode[] = []
      const leaves: { node: number; from: number; to: number }[] = []
      /** Keeps a node open when it can be divided with gain, else closes it as a leaf and gives its histogram back. */
      const settle = (node: number, from: number, to: number, depth: number, histogram: ValueHistogram): void => {
        const split = searchValueSplits(matrix, histogram, gradients, columns, options)
        if (split !== undefined) {
          open.push({ node, from, to, depth, histogram, split })
          return
        }
        pool.release(histogram)
        leaves.push({ node, from, to })
      }
      const divisible = (from: number, to: number, depth: number) => depth < options.depth && to - from >= enough

      for (let row = 0; row < rows; row++) order[row] = row
      if (divisible(0, rows, 0)) {
        const histogram = pool.take()
        fillHistogram(histogram, matrix, columns, gradients, order, 0, rows)
        settle(0, 0, rows, 0, histogram)
      } else {
        leaves.push({ node: 0, from: 0, to: rows })
      }

      while (open.length > 0 && open.length + leaves.length < options.leaves) {
        const { node, from, to, depth, histogram, split } = takeNext(open, options.growth)
        const { column, bin, missingLeft, gain } = split
        importance[column]! += gain
        const middle = partitionRows(order, from, to, columnBins[column]!, bin, missingLeft, spare)
        const left = tree.split(node, column, matrix.edges[column]![bin]!, missingLeft)
        const sides = [
          { node: left, from, to: middle },
          { node: left + 1, from: middle, to },
        ]
        const wanted = sides.filter(side => divisible(side.from, side.to, depth + 1))
        leaves.push(...sides.filter(side => !wanted.includes(side)))
        if (wanted.length === 0) {
          pool.release(histogram)
          continue
        }
        const small = middle - from <= to - middle ? sides[0]! : sides[1]!
        const own = pool.take()
        fillHistogram(own, matrix, columns, gradients, order, small.from, small.to)
        subtractHistogram(histogram, own, columns, gradients.curvatures !== undefined)
        for (const side of sides) {
          const held = side === small ? own : histogram
          if (wanted.includes(side)) settle(side.node, side.from, side.to, depth + 1, held)
          else pool.release(held)
        }
      }
      for (const { node, from, to, histogram } of open) {
        pool.release(histogram)
        leaves.push({ node, from, to })
      }
      leaves.sort((a, b) => a.from - b.from)
      return {
        tree: tree.finish(),
        nodes: leaves.map(leaf => leaf.node),
        starts: [...leaves.map(leaf => leaf.from), rows],
        order,
      }
    },
  }
}

function takeNext(open: OpenNode[], growth: 'depth' | 'leaf'): OpenNode {
  if (growth === 'depth') return open.pop()!
  let best = 0
  for (let at = 1; at < open.length; at++) if (open[at]!.split.gain > open[best]!.split.gain) best = at
  return open.splice(best, 1)[0]!
}
