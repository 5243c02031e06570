// One thread's part of a forest: trees that nobody has begun yet, until there are none. A tree depends on the seed and its number alone,
// so it does not matter who grows it.

import { seededRng } from '../../base/rng.ts'
import type { FlatTree } from '../../onnx/tree-ensemble.ts'
import { type Turns, takeTurn } from '../crew.ts'
import { type ClassRows, type ClassTreeOptions, classTreeGrower } from './grow-classes.ts'

export type ForestTask = {
  readonly rows: ClassRows
  readonly options: ClassTreeOptions
  readonly seed: number
  readonly leafScale: number
  readonly trees: Turns
  /** Rows of which it is noted whether a tree drew them. */
  readonly judged: Int32Array
}

export type GrownTree = {
  readonly number: number
  readonly tree: FlatTree
  /** Split gains by column. */
  readonly gains: Float64Array
  /** 1 for each judged row that the tree drew. */
  readonly drew: Uint8Array
}

/** @param told of each tree when it is grown */
export function forestShare(task: ForestTask, told?: (grown: GrownTree) => void): GrownTree[] {
  const { rows, options, seed, leafScale, trees, judged } = task
  const grown: GrownTree[] = []
  let number = takeTurn(trees)
  if (number === undefined) return grown
  const grower = classTreeGrower(rows, options)
  const rng = seededRng(seed)
  for (; number !== undefined; number = takeTurn(trees)) {
    const gains = new Float64Array(rows.table.width)
    const tree = grower.grow(rng.fork(`tree ${number}`), leafScale, gains)
    const one = { number, tree, gains, drew: Uint8Array.from(judged, row => (grower.drew(row) ? 1 : 0)) }
    grown.push(one)
    told?.(one)
  }
  return grown
}
