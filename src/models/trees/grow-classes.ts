// Grows classification trees from weighted rows by counting classes, a node at a time.

import type { Rng } from '../../base/rng.ts'
import type { FlatTree } from '../../onnx/tree-ensemble.ts'
import { bestSplits, bestSplitsRoom } from './best-splits.ts'
import type { BinnedMatrix } from './bins.ts'
import type { SplitLimits } from './class-splits.ts'
import { packedSums } from './packed-sums.ts'
import { randomSplits, randomSplitsRoom, type ValueColumns } from './random-splits.ts'
import { type TreeBuilder, treeBuilder } from './tree-builder.ts'
import { type ClassKernels, classModule } from './wasm/class-kernels.ts'
import { workspace } from './wasm/workspace.ts'

export type ClassTreeOptions = SplitLimits & {
  /** Splits on the longest path. */
  readonly depth: number
  /** A node of fewer rows stays a leaf. */
  readonly minSplit: number
  /** Every tree sees a draw with replacement of as many rows as there are, or each row once. */
  readonly bootstrap: boolean
}

export type ClassRows = {
  /** Bins are searched for the best split, values are cut at random. */
  readonly table: BinnedMatrix | ValueColumns
  /** Class of each row, below `classes` <= 256. */
  readonly classOf: Uint8Array
  readonly classes: number
  /** Not negative, some above 0. */
  readonly weights: Float64Array
}

export interface ClassTreeGrower {
  /**
   * @param leafScale leaf values are class shares times this
   * @param importance per column; the gains of the splits are added to it
   */
  grow(rng: Rng, leafScale: number, importance: Float64Array): FlatTree
  /** Whether the tree grown last drew this row; no for rows of weight 0. */
  readonly drew: (row: number) => boolean
}

/** A grower whose memory serves every tree of a forest. */
export function classTreeGrower(
  { table, classOf, classes, weights }: ClassRows,
  options: ClassTreeOptions,
): ClassTreeGrower {
  const { depth, minSplit, bootstrap } = options
  const { count } = table
  const pairs = Math.ceil(classes / 2)
  const room = 'bins' in table ? bestSplitsRoom(table, pairs) : randomSplitsRoom(table, pairs)
  const size = count * (1 + 3 * 4 + 2 * 8) + 4 + pairs * 16 + room.size
  const memory = workspace<ClassKernels>(classModule(pairs), size, 7 + room.arrays)
  const { draw, takeRows, sumClasses } = memory.kernels
  const labels = memory.bytes(count)
  // One place more: the list is written a row ahead of what is kept.
  const order = memory.ints(count + 1)
  const spare = memory.ints(count)
  const draws = memory.ints(count)
  const rowWeights = memory.doubles(count)
  const base = memory.doubles(count)
  const totals = memory.doubles(pairs * 2)
  const padded = totals.length
  labels.set(classOf)
  const { step, whole } = packedWeights(weights)
  base.set(whole)
  const own = { memory, labels, rowWeights, spare, totals, step }
  const splitter = 'bins' in table ? bestSplits(table, own, options) : randomSplits(table, own, options)
  const tree = treeBuilder(classes)
  const right = new Float64Array(padded)
  const enough = Math.max(minSplit, 2)
  /** Whether a node with these class totals may be divided. */
  const divisible = (node: Float64Array, level: number): boolean => {
    if (level >= depth) return false
    let weight = 0
    let present = 0
    for (let k = 0; k < padded; k++) {
      weight += node[k]!
      if (node[k]! > 0) present++
    }
    return present > 1 && weight % step >= enough
  }

  return {
    // Packed: draws * weight + 1.
    drew: row => rowWeights[row]! > 1,
    grow(rng, leafScale, importance) {
      const open: OpenNode[] = []
      /** Class totals of the open nodes, in their order. */
      let held = new Float64Array(64 * padded)
      const keepOpen = (node: OpenNode, own: Float64Array): void => {
        if ((open.length + 1) * padded > held.length) held = twice(held)
        held.set(own, open.length * padded)
        open.push(node)
      }
      splitter.reset()
      if (bootstrap) draw(rng.int(2 ** 32), rng.int(2 ** 32), count, draws.byteOffset)
      else draws.fill(1)
      const from = order.byteOffset
      const to = takeRows(count, draws.byteOffset, base.byteOffset, from, rowWeights.byteOffset)
      totals.fill(0)
      sumClasses(from, to, labels.byteOffset, rowWeights.byteOffset, totals.byteOffset)
      if (divisible(totals, 0)) keepOpen({ node: 0, from, to, level: 0 }, totals)
      else setShares(tree, 0, totals, classes, step, leafScale)
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        const { node, from, to } = next
        const at = open.length * padded
        let weight = 0
        let squares = 0
        for (let k = 0; k < padded; k++) {
          const total = held[at + k]!
          totals[k] = total
          weight += total
          squares += total * total
        }
        const rows = { from, to, weight, score: squares / weight }
        const split = splitter.find(rows, rng)
        if (split === undefined) {
          setShares(tree, node, totals, classes, step, leafScale)
          continue
        }
        const { left } = splitter
        for (let k = 0; k < padded; k++) right[k] = totals[k]! - left[k]!
        importance[split.column]! += split.gain
        const child = tree.split(node, split.column, split.threshold, split.missingLeft)
        const level = next.level + 1
        const [leftOpen, rightOpen] = [divisible(left, level), divisible(right, level)]
        // Two leaves need no rows.
        const middle = leftOpen || rightOpen ? splitter.divide(rows) : to
        if (rightOpen) keepOpen({ node: child + 1, from: middle, to, level }, right)
        else setShares(tree, child + 1, right, classes, step, leafScale)
        if (leftOpen) keepOpen({ node: child, from, to: middle, level }, left)
        else setShares(tree, child, left, classes, step, leafScale)
      }
      return tree.finish()
    },
  }
}

/** Byte offsets of its rows. */
type OpenNode = { readonly node: number; readonly from: number; readonly to: number; readonly level: number }

function twice(held: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * held.length)
  larger.set(held)
  return larger
}

/** Weights as whole multiples of `step`, so fine that the smallest difference that matters is kept. */
function packedWeights(weights: Float64Array): { readonly step: number; readonly whole: Float64Array } {
  const { step, mostPacked } = packedSums(weights.length)
  const largest = weights.reduce((most, weight) => Math.max(most, weight), 0)
  return { step, whole: weights.map(weight => Math.ceil((weight / largest) * mostPacked) * step) }
}

function setShares(
  tree: TreeBuilder,
  node: number,
  totals: Float64Array,
  classes: number,
  step: number,
  scale: number,
): void {
  let sum = 0
  for (let k = 0; k < classes; k++) sum += Math.floor(totals[k]! / step)
  for (let k = 0; k < classes; k++) tree.setLeaf(node, k, (Math.floor(totals[k]! / step) / sum) * scale)
}
