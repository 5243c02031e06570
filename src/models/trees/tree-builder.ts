// Collects the nodes of one growing tree into flat arrays.

import type { FlatTree } from '../../onnx/tree-ensemble.ts'

export type TreeBuilder = {
  /** Turns a leaf into a split and returns its left child; the right child is the next number. */
  split(node: number, feature: number, threshold: number, missingLeft: boolean): number
  setLeaf(node: number, target: number, value: number): void
  /** Hands the tree over; the next one starts as a leaf again. */
  finish(): FlatTree
}

/** A tree of one leaf, node 0, with `targets` values per leaf. */
export function treeBuilder(targets: number): TreeBuilder {
  let capacity = 64
  let size = 1
  let feature = new Int32Array(capacity).fill(-1)
  let threshold = new Float32Array(capacity)
  let left = new Int32Array(capacity)
  let right = new Int32Array(capacity)
  let missingLeft = new Uint8Array(capacity)
  let value = new Float32Array(capacity * targets)

  const enlarge = (): void => {
    const before = capacity
    capacity *= 2
    feature = copied(feature, new Int32Array(capacity)).fill(-1, before)
    threshold = copied(threshold, new Float32Array(capacity))
    left = copied(left, new Int32Array(capacity))
    right = copied(right, new Int32Array(capacity))
    missingLeft = copied(missingLeft, new Uint8Array(capacity))
    value = copied(value, new Float32Array(capacity * targets))
  }

  return {
    split(node, column, edge, missing) {
      if (size + 2 > capacity) enlarge()
      feature[node] = column
      threshold[node] = edge
      missingLeft[node] = missing ? 1 : 0
      left[node] = size
      right[node] = size + 1
      size += 2
      return size - 2
    },
    setLeaf(node, target, leafValue) {
      value[node * targets + target] = leafValue
    },
    finish() {
      const tree = {
        feature: feature.slice(0, size),
        threshold: threshold.slice(0, size),
        left: left.slice(0, size),
        right: right.slice(0, size),
        value: value.slice(0, size * targets),
        missingLeft: missingLeft.slice(0, size),
      }
      feature.fill(-1, 0, size)
      for (const part of [threshold, left, right, missingLeft]) part.fill(0, 0, size)
      value.fill(0, 0, size * targets)
      size = 1
      return tree
    },
  }
}

function copied<T extends Int32Array | Float32Array | Uint8Array>(from: T, into: T): T {
  into.set(from)
  return into
}
