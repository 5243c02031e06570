// Follows rows through trees and adds up the leaves, in float32 and tree order: the sums that an exported ensemble makes.

import type { FlatTree, TreeEnsemble } from '../../onnx/tree-ensemble.ts'
import { NODE_BYTES, type WalkKernels, walkModule } from './wasm/walk-kernel.ts'
import { workspace } from './wasm/workspace.ts'

/** Fewer rows than this are walked one by one: laying out the trees would cost more. */
const MANY_ROWS = 256
/** Rows walked before the next tree's turn; they stay in the processor's cache. */
const CHUNK_ROWS = 4096

/** The leaf that the row which begins at `start` ends in. */
export function leafOf(tree: FlatTree, rows: Float32Array, start: number): number {
  const { feature, threshold, left, right, missingLeft } = tree
  let node = 0
  for (let column = feature[0]!; column >= 0; column = feature[node]!) {
    const value = rows[start + column]!
    const goesLeft = value <= threshold[node]! || (missingLeft?.[node] === 1 && Number.isNaN(value))
    node = goesLeft ? left[node]! : right[node]!
  }
  return node
}

/**
 * Calls `visit` with the leaf of each row, tree by tree in order for every row; `leaves[i]` is of row `from + i`.
 *
 * @param rows row-major, `count * width`
 */
export function walkTrees(
  trees: readonly FlatTree[],
  rows: Float32Array,
  count: number,
  width: number,
  visit: (tree: FlatTree, leaves: Int32Array, from: number) => void,
): void {
  if (count < MANY_ROWS) {
    for (const tree of trees) {
      visit(
        tree,
        Int32Array.from({ length: count }, (_, row) => leafOf(tree, rows, row * width)),
        0,
      )
    }
    return
  }
  const most = trees.reduce((nodes, tree) => Math.max(nodes, tree.feature.length), 0)
  const chunk = Math.min(CHUNK_ROWS, Math.ceil(count / 4) * 4)
  const memory = workspace<WalkKernels>(walkModule, most * NODE_BYTES + chunk * (width + 1) * 4, 3)
  const table = memory.ints(most * 4)
  const thresholds = new Float32Array(table.buffer, table.byteOffset, most * 4)
  const inputs = new Float32Array(table.buffer, memory.ints(chunk * width).byteOffset, chunk * width)
  const leaves = memory.ints(chunk)
  for (let from = 0; from < count; from += chunk) {
    const own = Math.min(chunk, count - from)
    inputs.set(rows.subarray(from * width, (from + own) * width))
    const end = inputs.byteOffset + Math.ceil(own / 4) * 4 * width * 4
    for (const tree of trees) {
      const depth = layOut(tree, table, thresholds)
      memory.kernels.walk(table.byteOffset, depth, inputs.byteOffset, end, width * 4, leaves.byteOffset)
      for (let row = 0; row < own; row++) leaves[row] = (leaves[row]! - table.byteOffset) / NODE_BYTES
      visit(tree, leaves.subarray(0, own), from)
    }
  }
}

/** Writes the tree as the kernel reads it; returns the steps of its longest path. Children stand after their parent. */
function layOut(tree: FlatTree, table: Int32Array, thresholds: Float32Array): number {
  const { feature, threshold, left, right, missingLeft } = tree
  const levels = new Uint8Array(feature.length)
  let depth = 0
  for (let node = 0, at = 0; node < feature.length; node++, at += 4) {
    const leaf = feature[node]! < 0
    table[at] = leaf ? 0 : feature[node]! * 4 + (missingLeft?.[node] ?? 0)
    thresholds[at + 1] = threshold[node]!
    table[at + 2] = table.byteOffset + NODE_BYTES * (leaf ? node : left[node]!)
    table[at + 3] = table.byteOffset + NODE_BYTES * (leaf ? node : right[node]!)
    if (leaf) continue
    const below = levels[node]! + 1
    levels[left[node]!] = below
    levels[right[node]!] = below
    depth = Math.max(depth, below)
  }
  return depth
}

/**
 * @param rows row-major, `count * width`
 * @returns row-major, `count * targets`
 */
export function sumTrees(
  { trees, targets, baseValues }: TreeEnsemble,
  rows: Float32Array,
  count: number,
  width: number,
): Float32Array {
  const sums = new Float32Array(count * targets)
  walkTrees(trees, rows, count, width, ({ value }, leaves, from) => {
    addLeaves(value, leaves, targets, sums, from * targets)
  })
  if (baseValues !== undefined) {
    for (let at = 0; at < sums.length; at++) sums[at]! += baseValues[at % targets]!
  }
  return sums
}

function addLeaves(value: Float32Array, leaves: Int32Array, targets: number, sums: Float32Array, start: number): void {
  let into = start
  for (let row = 0; row < leaves.length; row++) {
    let leaf = leaves[row]! * targets
    for (let k = 0; k < targets; k++) sums[into++]! += value[leaf++]!
  }
}
