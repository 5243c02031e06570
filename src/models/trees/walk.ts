// Follows rows through trees and adds up the leaves, in float32 and tree order: the sums that an exported ensemble makes.

import type { FlatTree, TreeEnsemble } from '../../onnx/tree-ensemble.ts'

/** The leaf that row `row` of `rows` (row-major, `width` columns) ends in. */
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
export function sumTrees(
  { trees, targets, baseValues }: TreeEnsemble,
  rows: Float32Array,
  count: number,
  width: number,
): Float32Array {
  const sums = new Float32Array(count * targets)
  for (const tree of trees) addTree(tree, targets, rows, count, width, sums)
  if (baseValues !== undefined) {
    for (let at = 0; at < sums.length; at++) sums[at]! += baseValues[at % targets]!
  }
  return sums
}

/** Adds the leaves of one tree to `sums`, `count * targets`. */
export function addTree(
  tree: FlatTree,
  targets: number,
  rows: Float32Array,
  count: number,
  width: number,
  sums: Float32Array | Float64Array,
): void {
  const { value } = tree
  for (let row = 0, start = 0, into = 0; row < count; row++, start += width, into += targets) {
    const leaf = leafOf(tree, rows, start) * targets
    for (let k = 0; k < targets; k++) sums[into + k]! += value[leaf + k]!
  }
}
