// How good a forest is on rows that its trees did not draw (Breiman 2001, section 3.1): a validation that costs no rows.

import type { FlatTree } from '../../onnx/tree-ensemble.ts'
import type { LearningSet } from '../model.ts'
import { leafOf } from './walk.ts'

/** Rows that are judged at most: enough for a curve, and hardly felt beside growing. */
const MOST_ROWS = 500

export type OutOfBag = {
  /** The rows that are judged. */
  readonly rows: Int32Array
  /** @param drew 1 for each judged row that the tree drew */
  add(tree: FlatTree, drew: Uint8Array): void
  /**
   * Brier score by the trees that did not draw the row: squared errors summed over classes, 0 to 2, rows weighted as the forest weighs
   * them. It is what splits by Gini impurity lower. A row that every tree drew is answered with equal shares.
   */
  loss(): number
  /** Weighted share of the rows whose likeliest class is theirs; rows that every tree drew do not count. NaN where all were. */
  accuracy(): number
}

export type OutOfBagOptions = {
  readonly classes: number
  /** What the leaf values of a tree sum to. */
  readonly scale: number
  /** How many rows are judged at most; an even choice of them. */
  readonly mostRows?: number
}

export function outOfBag(
  { rows, count, width, targets }: LearningSet,
  weights: Float64Array,
  { classes, scale, mostRows = MOST_ROWS }: OutOfBagOptions,
): OutOfBag {
  const every = Math.ceil(count / mostRows)
  const judged = Int32Array.from({ length: Math.floor((count - 1) / every) + 1 }, (_, place) => place * every)
  const shares = new Float64Array(judged.length * classes)
  const votes = new Int32Array(judged.length)
  const error = (place: number): number => {
    let sum = 0
    for (let k = 0; k < classes; k++) {
      const share = votes[place] === 0 ? 1 / classes : shares[place * classes + k]! / (scale * votes[place]!)
      sum += (share - (targets[judged[place]!] === k ? 1 : 0)) ** 2
    }
    return sum
  }
  return {
    rows: judged,
    add(tree, drew) {
      for (let place = 0; place < judged.length; place++) {
        if (drew[place] === 1) continue
        const leaf = leafOf(tree, rows, judged[place]! * width) * classes
        for (let k = 0; k < classes; k++) shares[place * classes + k]! += tree.value[leaf + k]!
        votes[place]!++
      }
    },
    loss() {
      let sum = 0
      let total = 0
      for (let place = 0; place < judged.length; place++) {
        sum += weights[judged[place]!]! * error(place)
        total += weights[judged[place]!]!
      }
      return sum / total
    },
    accuracy() {
      let right = 0
      let total = 0
      for (const [place, row] of judged.entries()) {
        if (votes[place] === 0) continue
        const own = shares.subarray(place * classes, (place + 1) * classes)
        total += weights[row]!
        if (own.indexOf(Math.max(...own)) === targets[row]) right += weights[row]!
      }
      return right / total
    },
  }
}
