// A tree table as one packed array that a tight loop walks: 4 words a node, so a visit touches one cache line.

import type { TreeMode, TreeTable } from './tree-table.ts'

export type TreeProgram = {
  /**
   * Per node: the feature (shifted left, lowest bit: NaN goes left) or -1 at a leaf; the threshold's float32 bits, at a leaf of one target
   * its weight; the left child's word; the right child's word, at a leaf the offset of its weights.
   */
  readonly words: Int32Array
  /** The same memory as float32. */
  readonly floats: Float32Array
  /** First word of each root. */
  readonly roots: Int32Array
  /** `leaves x targets`, dense. */
  readonly weights: Float32Array
  readonly targets: number
  readonly missing: boolean
  /** Highest feature + 1. */
  readonly width: number
}

const STRIDE = 4

/** The largest float32 below a finite one. */
export function floatBelow(value: number): number {
  const float = Float32Array.of(value)
  const bits = new Int32Array(float.buffer)
  if (float[0] === 0) return -(2 ** -149)
  bits[0]! += float[0]! > 0 ? -1 : 1
  return float[0]!
}

type Branch = {
  readonly threshold: number
  readonly left: number
  readonly right: number
  readonly missingLeft: boolean
}

/**
 * Every mode as `x <= threshold`. x < t is x <= the float32 below t; the opposite conditions swap the children, and then NaN, which
 * fulfils no comparison, must be sent left to land where the condition fails. Undefined for (in)equality, which is no threshold.
 */
function asLessOrEqual(mode: TreeMode, t: number, yes: number, no: number, missingYes: boolean): Branch | undefined {
  if (mode === 'BRANCH_LEQ') return { threshold: t, left: yes, right: no, missingLeft: missingYes }
  if (mode === 'BRANCH_LT') return { threshold: floatBelow(t), left: yes, right: no, missingLeft: missingYes }
  if (mode === 'BRANCH_GT') return { threshold: t, left: no, right: yes, missingLeft: !missingYes }
  if (mode === 'BRANCH_GTE') return { threshold: floatBelow(t), left: no, right: yes, missingLeft: !missingYes }
  return undefined
}

/** Undefined when a branch mode cannot be written as a threshold. */
export function treeProgram(table: TreeTable, targets: number): TreeProgram | undefined {
  const count = table.mode.length
  const words = new Int32Array(count * STRIDE)
  const floats = new Float32Array(words.buffer)
  const leafOf = new Int32Array(count)
  let leaves = 0
  let width = 0
  let missing = false
  for (let n = 0; n < count; n++) {
    const at = n * STRIDE
    const mode = table.mode[n]!
    if (mode === 'LEAF') {
      words[at] = -1
      words[at + 3] = leaves * targets
      leafOf[n] = leaves++
      continue
    }
    const branch = asLessOrEqual(mode, table.threshold[n]!, table.yes[n]!, table.no[n]!, table.missingYes[n] === 1)
    if (branch === undefined) return undefined
    words[at] = (table.feature[n]! << 1) | (branch.missingLeft ? 1 : 0)
    floats[at + 1] = branch.threshold
    words[at + 2] = branch.left * STRIDE
    words[at + 3] = branch.right * STRIDE
    missing ||= branch.missingLeft
    width = Math.max(width, table.feature[n]! + 1)
  }
  const weights = new Float32Array(leaves * targets)
  const { leaf, target, weight } = table.weights
  for (let i = 0; i < leaf.length; i++) {
    weights[leafOf[leaf[i]!]! * targets + target[i]!] = weight[i]!
    if (targets === 1) floats[leaf[i]! * STRIDE + 1] = weight[i]!
  }
  return { words, floats, roots: Int32Array.from(table.roots, n => n * STRIDE), weights, targets, missing, width }
}

/** The word of the leaf that the row reaches from a root. */
function leafFrom({ words, floats, missing }: TreeProgram, root: number, row: Float32Array): number {
  let at = root
  let feature = words[at]!
  if (missing) {
    while (feature >= 0) {
      const x = row[feature >> 1]!
      const left = x <= floats[at + 1]! || ((feature & 1) === 1 && Number.isNaN(x))
      at = left ? words[at + 2]! : words[at + 3]!
      feature = words[at]!
    }
    return at
  }
  while (feature >= 0) {
    at = row[feature >> 1]! <= floats[at + 1]! ? words[at + 2]! : words[at + 3]!
    feature = words[at]!
  }
  return at
}

/** The sums over all trees, in the order of the trees and in float32, as ONNX Runtime adds them. */
export function sumTrees(program: TreeProgram, row: Float32Array, sums: Float32Array): void {
  const { roots, words, floats, weights, targets } = program
  if (targets === 1) {
    let sum = 0
    for (let t = 0; t < roots.length; t++) sum = Math.fround(sum + floats[leafFrom(program, roots[t]!, row) + 1]!)
    sums[0] = sum
    return
  }
  sums.fill(0)
  for (let t = 0; t < roots.length; t++) {
    const offset = words[leafFrom(program, roots[t]!, row) + 3]!
    for (let k = 0; k < targets; k++) sums[k]! += weights[offset + k]!
  }
}
