// Grows regression trees on gradients and curvatures of a loss, from histograms where a sibling is parent minus sibling.

import type { FlatTree } from '../../onnx/tree-ensemble.ts'
import type { BinnedMatrix } from './bins.ts'
import { exactSearch, type RawRows } from './exact-search.ts'
import { treeBuilder } from './tree-builder.ts'
import { valueRows } from './value-rows.ts'
import { nodeHistograms, type Range, type ValueSplit, type ValueSplitLimits } from './value-search.ts'

export type ValueTreeOptions = ValueSplitLimits & {
  /** Splits on the longest path. */
  readonly depth: number
  /** Most leaves. */
  readonly leaves: number
  /** 'depth' divides every node as deep as allowed, 'leaf' always the node that gains most (Shi 2007). */
  readonly growth: 'depth' | 'leaf'
}

/** A leaf: the rows that it is learnt from, and the others that end in it. */
export type Leaf = Range & {
  readonly node: number
  readonly others: Range
  /** What its value must lie between, so that the tree keeps the directions of its columns. */
  readonly low: number
  readonly high: number
}

export interface ValueTreeGrower {
  /** Of the loss, per row; to be set before each tree. */
  readonly gradients: Float64Array
  /** Absent where every row's is 1. */
  readonly curvatures: Float64Array | undefined
  /** One output after the other, a score per row in each. */
  readonly scores: Float64Array
  /**
   * Leaf values are left 0, for the caller to set. The result is valid until the next tree.
   * @param columns the columns to look at, in rising order
   * @param importance per column; the gains of the splits are added to it
   * @param drawn 1 for each row to learn from; all when absent
   */
  grow(columns: Int32Array, importance: Float64Array, drawn?: Uint8Array): GrownValueTree
  /** Row numbers that a leaf is learnt from, in rising order. */
  rowsOf(leaf: Leaf): Int32Array
  gradientOf(leaf: Leaf): number
  curvatureOf(leaf: Leaf): number
  /** Adds an amount to the scores of all rows in a leaf. */
  moveScores(leaf: Leaf, amount: number, output: number): void
}

export type GrownValueTree = { readonly tree: FlatTree; readonly leaves: readonly Leaf[] }

type OpenNode = Leaf & { readonly depth: number; readonly histogram: number; readonly split: ValueSplit }

export type ValueGrowerShape = {
  /** Whether rows differ in curvature. */
  readonly curved: boolean
  readonly outputs: number
}

/**
 * A grower whose memory serves every tree of an ensemble.
 *
 * @param table bins are searched by histograms, raw rows for every split that there is
 */
export function valueTreeGrower(
  table: BinnedMatrix | RawRows,
  options: ValueTreeOptions,
  { curved, outputs }: ValueGrowerShape,
): ValueTreeGrower {
  const { count, width } = table
  const binned = 'bins' in table
  const most = Math.min(options.leaves, Math.ceil(count / Math.max(1, options.minLeafRows)), 2 ** options.depth)
  // Dividing the node opened last leaves at most one sibling per level open.
  const held = options.growth === 'depth' ? Math.min(options.depth, most) : most
  const bins = binned ? table.bins : undefined
  const rows = valueRows({ count, width, bins, histograms: held + 2, curved, outputs })
  const { order, gradients, curvatures, scores } = rows
  const { sumRows, addToRows } = rows.memory.kernels
  const search = binned ? nodeHistograms(table, rows, options) : exactSearch(table, rows, options)
  const enough = 2 * Math.max(1, options.minLeafRows)
  const tree = treeBuilder(1)
  const place = (at: number) => order.byteOffset + 4 * at
  const sum = (values: Float64Array, { from, to }: Range) => sumRows(place(from), place(to), values.byteOffset)
  const curvatureOf = (range: Range) => (curvatures === undefined ? range.to - range.from : sum(curvatures, range))
  /** Children of a split on a column with a direction keep to their side of the middle of their values. */
  const boundsOf = ({ low, high }: Leaf, left: Range, right: Range, column: number) => {
    const direction = options.monotone[column] ?? 0
    if (direction === 0) return { left: { low, high }, right: { low, high } }
    const valueOf = (range: Range): number => {
      const divisor = curvatureOf(range) + options.l2
      const value = divisor > 0 ? -sum(gradients, range) / divisor : 0
      return Math.min(Math.max(value, low), high)
    }
    const middle = (valueOf(left) + valueOf(right)) / 2
    const [below, above] = [
      { low, high: middle },
      { low: middle, high },
    ]
    return direction > 0 ? { left: below, right: above } : { left: above, right: below }
  }

  return {
    gradients,
    curvatures,
    scores,
    grow(columns, importance, drawn) {
      const units = rows.round()
      const open: OpenNode[] = []
      const leaves: Leaf[] = []
      const divisible = ({ from, to }: Leaf, depth: number) => depth < options.depth && to - from >= enough
      /** Keeps a node open when dividing it gains, else closes it as a leaf. */
      const settle = (leaf: Leaf, depth: number, histogram: number): void => {
        const split = divisible(leaf, depth) ? search.best(histogram, leaf, columns, units) : undefined
        if (split !== undefined) {
          open.push({ ...leaf, depth, histogram, split })
          return
        }
        search.release(histogram)
        leaves.push(leaf)
      }

      const learnt = listRows(order, drawn)
      const others = { from: learnt, to: count }
      const root = { node: 0, from: 0, to: learnt, others, low: -Infinity, high: Infinity }
      if (divisible(root, 0)) settle(root, 0, search.fill(columns, 0, learnt))
      else leaves.push(root)

      while (open.length > 0 && open.length + leaves.length < most) {
        const next = takeNext(open, options.growth)
        const { from, to, node, others, depth, histogram, split } = next
        const { column, threshold, missingLeft, gain } = split
        importance[column]! += gain
        const middle = search.divide(next, split)
        const cut = search.divide(others, split)
        const bounds = boundsOf(next, { from, to: middle }, { from: middle, to }, column)
        const child = tree.split(node, column, threshold, missingLeft === 1)
        const left = { node: child, from, to: middle, others: { from: others.from, to: cut }, ...bounds.left }
        const right = { node: child + 1, from: middle, to, others: { from: cut, to: others.to }, ...bounds.right }
        if (!divisible(left, depth + 1) && !divisible(right, depth + 1)) {
          search.release(histogram)
          leaves.push(left, right)
          continue
        }
        const [small, large] = middle - from <= to - middle ? [left, right] : [right, left]
        const summed = search.fill(columns, small.from, small.to)
        search.subtract(histogram, summed)
        settle(small, depth + 1, summed)
        settle(large, depth + 1, histogram)
      }
      for (const last of open) {
        search.release(last.histogram)
        leaves.push(last)
      }
      return { tree: tree.finish(), leaves }
    },
    rowsOf: ({ from, to }) => order.subarray(from, to),
    gradientOf: leaf => sum(gradients, leaf),
    curvatureOf,
    moveScores(leaf, amount, output) {
      const own = scores.byteOffset + 8 * output * count
      for (const { from, to } of [leaf, leaf.others]) addToRows(place(from), place(to), own, amount)
    },
  }
}

/** Lists the drawn rows, then the others; @returns how many are drawn. */
function listRows(order: Int32Array, drawn: Uint8Array | undefined): number {
  const count = order.length
  if (drawn === undefined) {
    for (let row = 0; row < count; row++) order[row] = row
    return count
  }
  // Without branches: which row was drawn is by chance. What does not belong is overwritten by what comes next.
  let learnt = 0
  for (let row = 0; row < count; row++) {
    order[learnt] = row
    learnt += drawn[row]!
  }
  for (let row = count - 1, at = count - 1; at >= learnt; row--) {
    order[at] = row
    at -= 1 - drawn[row]!
  }
  return learnt
}

function takeNext(open: OpenNode[], growth: 'depth' | 'leaf'): OpenNode {
  if (growth === 'depth') return open.pop()!
  let best = 0
  for (let at = 1; at < open.length; at++) if (open[at]!.split.gain > open[best]!.split.gain) best = at
  return open.splice(best, 1)[0]!
}
