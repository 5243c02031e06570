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
 * @param rows row-major, `count * width`
 * @returns row-major, `count * targets`
 */
export function sumTrees(ensemble: TreeEnsemble, rows: Float32Array, count: number, width: number): Float32Array {
  const { targets, baseValues } = ensemble
  const sums = new Float32Array(count * targets)
  if (count < MANY_ROWS) sumFew(ensemble, rows, width, sums)
  else sumMany(ensemble, rows, count, width, sums)
  if (baseValues !== undefined) {
    for (let at = 0; at < sums.length; at++) sums[at]! += baseValues[at % targets]!
  }
  return sums
}

function sumFew({ trees, targets }: TreeEnsemble, rows: Float32Array, width: number, sums: Float32Array): void {
  for (const tree of trees) {
    for (let start = 0, into = 0; into < sums.length; start += width) {
      const leaf = leafOf(tree, rows, start) * targets
      for (let k = 0; k < targets; k++) sums[into++]! += tree.value[leaf + k]!
    }
  }
}

function sumMany(
  { trees, targets }: TreeEnsemble,
  rows: Float32Array,
  count: number,
  width: number,
  sums: Float32Array,
): void {
  const nodes = trees.reduce((sum, tree) => sum + tree.feature.length, 0)
  const chunk = Math.min(CHUNK_ROWS, Math.ceil(count / 4) * 4)
  const size = nodes * (NODE_BYTES + targets * 4) + chunk * (width + 1 + targets) * 4
  const memory = workspace<WalkKernels>(walkModule, size, 5)
  const { walk, addLeaves } = memory.kernels
  const table = memory.ints(nodes * 4)
  const values = memory.floats(nodes * targets)
  const inputs = memory.floats(chunk * width)
  const leaves = memory.ints(chunk)
  const chunkSums = memory.floats(chunk * targets)
  let first = 0
  const laidOut = trees.map(tree => {
    const place = { root: table.byteOffset + first * NODE_BYTES, values: values.byteOffset + first * targets * 4 }
    values.set(tree.value, first * targets)
    const depth = layOut(tree, table.subarray(first * 4, (first + tree.feature.length) * 4))
    first += tree.feature.length
    return { ...place, depth }
  })
  for (let from = 0; from < count; from += chunk) {
    const own = Math.min(chunk, count - from)
    inputs.set(rows.subarray(from * width, (from + own) * width))
    chunkSums.fill(0)
    const end = inputs.byteOffset + Math.ceil(own / 4) * 4 * width * 4
    const last = leaves.byteOffset + own * 4
    for (const tree of laidOut) {
      walk(tree.root, tree.depth, inputs.byteOffset, end, width * 4, leaves.byteOffset)
      addLeaves(leaves.byteOffset, last, tree.root, tree.values, targets * 4, chunkSums.byteOffset)
    }
    sums.set(chunkSums.subarray(0, own * targets), from * targets)
  }
}

/** Writes the tree as the kernel reads it; returns the steps of its longest path. Children stand after their parent. */
function layOut(tree: FlatTree, table: Int32Array): number {
  const { feature, threshold, left, right, missingLeft } = tree
  const thresholds = new Float32Array(table.buffer, table.byteOffset, table.length)
  const levels = new Int32Array(feature.length)
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
