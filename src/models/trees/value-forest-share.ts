// One thread's part of a forest for values: trees that nobody has begun yet, until there are none. A tree depends on the seed and its
// number alone, so it does not matter who grows it.

import { type Rng, seededRng } from '../../base/rng.ts'
import type { FlatTree } from '../../onnx/tree-ensemble.ts'
import { type Turns, takeTurn } from '../crew.ts'
import type { BinnedMatrix } from './bins.ts'
import { drawShare } from './draw-share.ts'
import { type ValueTreeOptions, valueTreeGrower } from './grow-values.ts'

export type ValueForestTask = {
  readonly table: BinnedMatrix
  /** Distances of the targets from `base`. */
  readonly residuals: Float64Array
  readonly weights: Float64Array
  readonly options: ValueTreeOptions
  /** Each tree sees a draw with replacement of as many rows as there are, or each row once. */
  readonly bootstrap: boolean
  /** Of the columns, for each tree. */
  readonly columnShare: number
  /** Leaf values are means times this. */
  readonly leafScale: number
  readonly seed: number
  readonly trees: Turns
}

export type GrownValue = {
  readonly number: number
  readonly tree: FlatTree
  /** Split gains by column. */
  readonly gains: Float64Array
}

/** How often each row is drawn. */
function draws(count: number, bootstrap: boolean, rng: Rng): Uint16Array {
  const times = new Uint16Array(count)
  if (!bootstrap) return times.fill(1)
  for (let drawn = 0; drawn < count; drawn++) times[rng.int(count)]! += 1
  return times
}

export function valueForestShare(task: ValueForestTask): GrownValue[] {
  const { table, residuals, weights, options, bootstrap, columnShare, leafScale, trees } = task
  const { count, width } = table
  const grown: GrownValue[] = []
  let number = takeTurn(trees)
  if (number === undefined) return grown
  const grower = valueTreeGrower(table, options, { curved: true, outputs: 1 })
  const { gradients, curvatures } = grower
  const seed = seededRng(task.seed)
  const all = Int32Array.from({ length: width }, (_, column) => column)
  for (; number !== undefined; number = takeTurn(trees)) {
    const rng = seed.fork(`tree ${number}`)
    const times = draws(count, bootstrap, rng)
    const among = drawShare(width, columnShare, rng)
    // The squared loss with a row counted as often as it was drawn: its leaf is then the mean of what was drawn.
    const drawn = new Uint8Array(count)
    for (let row = 0; row < count; row++) {
      const weight = weights[row]! * times[row]!
      drawn[row] = weight > 0 ? 1 : 0
      gradients[row] = -weight * residuals[row]!
      curvatures![row] = weight
    }
    const gains = new Float64Array(width)
    const columns = among === undefined ? all : all.filter(column => among[column] === 1)
    const { tree, leaves } = grower.grow(columns, gains, drawn)
    for (const leaf of leaves) {
      const total = grower.curvatureOf(leaf)
      tree.value[leaf.node] = total > 0 ? (leafScale * -grower.gradientOf(leaf)) / total : 0
    }
    grown.push({ number, tree, gains })
  }
  return grown
}
