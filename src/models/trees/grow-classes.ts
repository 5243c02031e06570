// Grows one classification tree from weighted rows by counting classes, a node at a time.

import type { Rng } from '../../base/rng.ts'
import type { FlatTree } from '../../onnx/tree-ensemble.ts'
import type { BinnedMatrix } from './bins.ts'
import { classHistogram, clearClassHistogram, fillClassHistogram } from './class-histogram.ts'
import { type ClassSplit, searchClassSplit } from './class-split.ts'
import { partitionRows } from './partition.ts'
import { treeBuilder } from './tree-builder.ts'

export type ClassTreeOptions = {
  /** Splits on the longest path. */
  readonly depth: number
  /** A node of fewer rows stays a leaf. */
  readonly minSplit: number
  /** Rows that a child must have. */
  readonly minLeaf: number
  /** Columns looked at per node. */
  readonly columns: number
}

export interface ClassTreeGrower {
  /**
   * @param weights per row, whole numbers so that sums are exact in any order (TREE-03); a row of weight 0 is left out
   * @param leafScale leaf values are class shares times this
   * @param importance per column; the gains of the splits are added to it
   */
  grow(weights: Float64Array, rng: Rng, leafScale: number, importance: Float64Array): FlatTree
}

/** A grower whose buffers serve every tree of a forest. `classOf` has the class of each row, below `classes` <= 256. */
export function classTreeGrower(
  matrix: BinnedMatrix,
  classOf: Uint8Array,
  classes: number,
  options: ClassTreeOptions,
): ClassTreeGrower {
  const { count: allRows, width } = matrix
  const columns = Array.from({ length: width }, (_, c) => matrix.bins.subarray(c * allRows, (c + 1) * allRows))
  const order = new Int32Array(allRows)
  const spare = new Int32Array(allRows)
  const nodeClass = new Uint8Array(allRows)
  const nodeWeight = new Float64Array(allRows)
  const totals = new Float64Array(classes)
  const left = new Float64Array(classes)
  const histogram = classHistogram(classes)
  const draw = Int32Array.from({ length: width }, (_, c) => c)

  /** Copies classes and weights of the node's rows side by side, where the histograms of several columns read them. */
  const gather = (weights: Float64Array, from: number, to: number): void => {
    totals.fill(0)
    for (let at = from, into = 0; at < to; at++, into++) {
      const row = order[at]!
      const label = classOf[row]!
      const weight = weights[row]!
      nodeClass[into] = label
      nodeWeight[into] = weight
      totals[label]! += weight
    }
  }

  const search = (from: number, to: number, weight: number, squares: number, rng: Rng): ClassSplit => {
    const best: ClassSplit = { gain: 0, column: -1, bin: 0, missingLeft: false }
    const rows = { order, from, count: to - from, classOf: nodeClass, weightOf: nodeWeight }
    const node = { totals, weight, score: squares / weight, rows: to - from }
    // Columns that are constant here do not use up the draw unless all others are, as in scikit-learn's splitter.
    let varied = 0
    for (let drawn = 0; drawn < width && (drawn < options.columns || varied === 0); drawn++) {
      const pick = options.columns < width ? drawn + rng.int(width - drawn) : drawn
      const column = draw[pick]!
      draw[pick] = draw[drawn]!
      draw[drawn] = column
      if (matrix.edges[column]!.length === 0) continue
      fillClassHistogram(histogram, columns[column]!, rows)
      if (searchClassSplit(histogram, column, node, options.minLeaf, left, best)) varied++
      clearClassHistogram(histogram)
    }
    return best
  }

  return {
    grow(weights, rng, leafScale, importance) {
      const tree = treeBuilder(classes)
      let inBag = 0
      for (let row = 0; row < allRows; row++) if (weights[row]! > 0) order[inBag++] = row
      const open = [{ node: 0, from: 0, to: inBag, depth: 0 }]
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        const { node, from, to, depth } = next
        gather(weights, from, to)
        let weight = 0
        let squares = 0
        let present = 0
        for (const total of totals) {
          weight += total
          squares += total * total
          if (total > 0) present++
        }
        const divisible = depth < options.depth && present > 1 && to - from >= Math.max(options.minSplit, 2)
        const split = divisible ? search(from, to, weight, squares, rng) : undefined
        if (split === undefined || split.column < 0) {
          for (let k = 0; k < classes; k++) tree.setLeaf(node, k, (totals[k]! / weight) * leafScale)
          continue
        }
        const { column, bin, missingLeft, gain } = split
        importance[column]! += gain
        const middle = partitionRows(order, from, to, columns[column]!, bin, missingLeft, spare)
        const child = tree.split(node, column, matrix.edges[column]![bin]!, missingLeft)
        open.push({ node: child + 1, from: middle, to, depth: depth + 1 })
        open.push({ node: child, from, to: middle, depth: depth + 1 })
      }
      return tree.finish()
    },
  }
}
