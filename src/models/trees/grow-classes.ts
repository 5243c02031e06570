// Grows classification trees from weighted rows by counting classes, a node at a time.

import type { Rng } from '../../base/rng.ts'
import type { FlatTree } from '../../onnx/tree-ensemble.ts'
import type { BinnedMatrix } from './bins.ts'
import { packedSums } from './packed-sums.ts'
import { type TreeBuilder, treeBuilder } from './tree-builder.ts'
import { type ClassKernels, classModule } from './wasm/class-kernels.ts'
import { workspace } from './wasm/workspace.ts'

export type ClassTreeOptions = {
  /** Splits on the longest path. */
  readonly depth: number
  /** A node of fewer rows stays a leaf. */
  readonly minSplit: number
  /** Rows that a child must have. */
  readonly minLeaf: number
  /** Columns looked at per node. */
  readonly columns: number
  /** Every tree sees a draw with replacement of as many rows as there are, or each row once. */
  readonly bootstrap: boolean
}

export type ClassRows = {
  readonly matrix: BinnedMatrix
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

/** Gains below this share of a node's own score are rounding, not information. */
const ROUNDING = 1e-12

/** A grower whose memory serves every tree of a forest. */
export function classTreeGrower(
  { matrix, classOf, classes, weights }: ClassRows,
  { depth, minSplit, minLeaf, columns, bootstrap }: ClassTreeOptions,
): ClassTreeGrower {
  const { count, width } = matrix
  const pairs = Math.ceil(classes / 2)
  const size = count * (width + 1 + 3 * 4 + 2 * 8) + 4 + (256 + 1) * pairs * 16 + 64
  const memory = workspace<ClassKernels>(classModule(pairs), size, 11)
  const { partition, draw, takeRows, sumClasses, searchColumn } = memory.kernels
  const bins = memory.bytes(count * width)
  const labels = memory.bytes(count)
  // One place more: the list is written a row ahead of what is kept.
  const order = memory.ints(count + 1)
  const spare = memory.ints(count)
  const draws = memory.ints(count)
  const rowWeights = memory.doubles(count)
  const base = memory.doubles(count)
  const cells = memory.doubles(256 * pairs * 2)
  const totals = memory.doubles(pairs * 2)
  const classTotals = totals.subarray(0, classes)
  const used = memory.ints(8)
  const bestGain = memory.doubles(3)
  const bestPlace = new Int32Array(bestGain.buffer, bestGain.byteOffset + 8, 3)
  bins.set(matrix.bins)
  labels.set(classOf)
  const { step, whole } = packedWeights(weights)
  base.set(whole)
  const shuffled = Int32Array.from({ length: width }, (_, column) => column)

  /** Leaves the best split of the node in `bestGain` and `bestPlace`; false where there is none. */
  const search = (from: number, to: number, weight: number, score: number, rng: Rng): boolean => {
    bestGain[0] = score * ROUNDING
    bestPlace[0] = -1
    // Columns that are constant here do not use up the draw unless all others are, as in scikit-learn's splitter.
    let varied = 0
    for (let drawn = 0; drawn < width && (drawn < columns || varied === 0); drawn++) {
      const pick = columns < width ? drawn + rng.int(width - drawn) : drawn
      const column = shuffled[pick]!
      shuffled[pick] = shuffled[drawn]!
      shuffled[drawn] = column
      if (matrix.edges[column]!.length === 0) continue
      varied += searchColumn(
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
    }
    return bestPlace[0] >= 0
  }

  return {
    // Packed: draws * weight + 1.
    drew: row => rowWeights[row]! > 1,
    grow(rng, leafScale, importance) {
      const tree = treeBuilder(classes)
      // A tree does not depend on the ones before it.
      for (let column = 0; column < width; column++) shuffled[column] = column
      if (bootstrap) draw(rng.int(2 ** 32), rng.int(2 ** 32), count, draws.byteOffset)
      else draws.fill(1)
      const end = takeRows(count, draws.byteOffset, base.byteOffset, order.byteOffset, rowWeights.byteOffset)
      const open = [{ node: 0, from: order.byteOffset, to: end, level: 0 }]
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        const { node, from, to, level } = next
        totals.fill(0)
        sumClasses(from, to, labels.byteOffset, rowWeights.byteOffset, totals.byteOffset)
        let weight = 0
        let squares = 0
        let present = 0
        for (const total of totals) {
          weight += total
          squares += total * total
          if (total > 0) present++
        }
        const divisible = level < depth && present > 1 && to - from >= 4 * Math.max(minSplit, 2)
        if (!divisible || !search(from, to, weight, squares / weight, rng)) {
          setShares(tree, node, classTotals, step, leafScale)
          continue
        }
        const column = bestPlace[0]!
        const bin = bestPlace[1]!
        const missingLeft = bestPlace[2]!
        importance[column]! += bestGain[0]!
        const middle = partition(from, to, bins.byteOffset + column * count, bin, missingLeft, spare.byteOffset)
        const child = tree.split(node, column, matrix.edges[column]![bin]!, missingLeft === 1)
        open.push({ node: child + 1, from: middle, to, level: level + 1 })
        open.push({ node: child, from, to: middle, level: level + 1 })
      }
      return tree.finish()
    },
  }
}

/** Weights as whole multiples of `step`, so fine that the smallest difference that matters is kept. */
function packedWeights(weights: Float64Array): { readonly step: number; readonly whole: Float64Array } {
  const { step, mostPacked } = packedSums(weights.length)
  const largest = weights.reduce((most, weight) => Math.max(most, weight), 0)
  return { step, whole: weights.map(weight => Math.ceil((weight / largest) * mostPacked) * step) }
}

function setShares(tree: TreeBuilder, node: number, totals: Float64Array, step: number, scale: number): void {
  let sum = 0
  for (const total of totals) sum += Math.floor(total / step)
  for (let k = 0; k < totals.length; k++) tree.setLeaf(node, k, (Math.floor(totals[k]! / step) / sum) * scale)
}
