// Trees as plain JSON and back, bit for bit: every array is base64 of its little-endian bytes.

import { Fault } from '../../base/fault.ts'
import type { FlatTree } from '../../onnx/tree-ensemble.ts'

export type SavedTree = {
  readonly feature: string
  readonly threshold: string
  readonly left: string
  readonly right: string
  readonly value: string
  readonly missingLeft: string
}

const encode = (array: Int32Array | Float32Array | Uint8Array): string =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64')

/** The bytes on a buffer of their own, so that wider elements are aligned. */
const decode = (text: string): ArrayBuffer => Uint8Array.from(Buffer.from(text, 'base64')).buffer

export function saveTree(tree: FlatTree): SavedTree {
  return {
    feature: encode(tree.feature),
    threshold: encode(tree.threshold),
    left: encode(tree.left),
    right: encode(tree.right),
    value: encode(tree.value),
    missingLeft: encode(tree.missingLeft ?? new Uint8Array(tree.feature.length)),
  }
}

/** Faults: `MODEL_STATE_INVALID` when the arrays do not make one tree of `targets` values a leaf over `width` columns. */
export function loadTree(saved: SavedTree, targets: number, width: number): FlatTree {
  const tree = {
    feature: new Int32Array(decode(saved.feature)),
    threshold: new Float32Array(decode(saved.threshold)),
    left: new Int32Array(decode(saved.left)),
    right: new Int32Array(decode(saved.right)),
    value: new Float32Array(decode(saved.value)),
    missingLeft: new Uint8Array(decode(saved.missingLeft)),
  }
  const nodes = tree.feature.length
  const lengths = [tree.threshold, tree.left, tree.right, tree.missingLeft].every(array => array.length === nodes)
  if (nodes === 0 || !lengths || tree.value.length !== nodes * targets || !childrenFollow(tree, width)) {
    throw new Fault('MODEL_STATE_INVALID', 'the saved arrays do not make a tree')
  }
  return tree
}

/** Children stand after their parent, so every walk ends. */
function childrenFollow({ feature, left, right }: FlatTree, width: number): boolean {
  return feature.every(
    (column, node) =>
      column === -1 ||
      (column >= 0 &&
        column < width &&
        left[node]! > node &&
        right[node]! > node &&
        left[node]! < feature.length &&
        right[node]! < feature.length),
  )
}
