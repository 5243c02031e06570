// How a node of a classification tree is divided: what every way of choosing a split gets, and what it leaves.

import type { Rng } from '../../base/rng.ts'
import type { ClassKernels } from './wasm/class-kernels.ts'
import type { Workspace } from './wasm/workspace.ts'

/** What the ways of splitting share with the grower. Row weights are packed with the number of rows, in this step. */
export type ClassMemory = {
  readonly memory: Workspace<ClassKernels>
  readonly labels: Uint8Array
  readonly rowWeights: Float64Array
  readonly spare: Int32Array
  /** Of the node at hand, padded to an even number. */
  readonly totals: Float64Array
  readonly step: number
}

export type ClassNode = {
  /** Byte offsets of the node's rows. */
  readonly from: number
  readonly to: number
  /** Of all classes, packed. */
  readonly weight: number
  /** Sum of the squares of the class totals, by the weight. */
  readonly score: number
}

export type ClassSplit = {
  readonly column: number
  readonly threshold: number
  readonly missingLeft: boolean
  readonly gain: number
}

export type SplitLimits = {
  /** Rows that a child must have. */
  readonly minLeaf: number
  /** Columns looked at per node. */
  readonly columns: number
}

export interface ClassSplitter {
  /** Undefined where no split gains. */
  find(node: ClassNode, rng: Rng): ClassSplit | undefined
  /** Class totals of the left child of the split found last, packed. */
  readonly left: Float64Array
  /** Divides the node's rows by the split found last; @returns the byte offset where those of the right child begin. */
  divide(node: ClassNode): number
  /** A tree does not depend on the ones before it. */
  reset(): void
}

/** Gains below this share of a node's own score are rounding, not information. */
export const ROUNDING = 1e-12

export type ColumnDraw = {
  reset(): void
  /**
   * Looks at columns in random order. Those that are constant in the node do not use up the draw unless all others are, as in
   * scikit-learn's splitter.
   *
   * @param look whether the node's rows differ in this column
   */
  each(rng: Rng, look: (column: number) => boolean): void
}

export function columnDraw(width: number, columns: number): ColumnDraw {
  const shuffled = Int32Array.from({ length: width }, (_, column) => column)
  return {
    reset() {
      for (let column = 0; column < width; column++) shuffled[column] = column
    },
    each(rng, look) {
      let varied = false
      for (let drawn = 0; drawn < width && (drawn < columns || !varied); drawn++) {
        const pick = columns < width ? drawn + rng.int(width - drawn) : drawn
        const column = shuffled[pick]!
        shuffled[pick] = shuffled[drawn]!
        shuffled[drawn] = column
        if (look(column)) varied = true
      }
    },
  }
}
