// Trees as flat arrays, the form shared by growing, exporting and evaluating, and their ai.onnx.ml node (TREE-05).

import { floatsAttr, intAttr, intsAttr, node, stringAttr, stringsAttr } from './build.ts'
import type { OnnxAttribute, OnnxNode } from './model.ts'

/** One tree. Node 0 is the root; `x[feature] <= threshold` goes left. */
export type FlatTree = {
  /** Column that the node looks at; -1 is a leaf. */
  readonly feature: Int32Array
  readonly threshold: Float32Array
  readonly left: Int32Array
  readonly right: Int32Array
  /** `nodes x targets`, read at leaves. */
  readonly value: Float32Array
  /** 1 where NaN goes left. Without it NaN goes right, as NaN <= threshold is false. */
  readonly missingLeft?: Uint8Array
}

export type TreeEnsemble = {
  readonly trees: readonly FlatTree[]
  /** Values per leaf, outputs of the node. */
  readonly targets: number
  /** Added once to the sum of the trees, one per target. */
  readonly baseValues?: ArrayLike<number>
}

const ints = (value: BigInt64Array): OnnxAttribute => ({ kind: 'ints', value })

/**
 * A node whose output `[batch, targets]` is the sum of the leaves that a row `[batch, features]` reaches, plus the base values.
 *
 * @example
 * const stump: FlatTree = {
 *   feature: Int32Array.of(0, -1, -1), threshold: Float32Array.of(0.5, 0, 0),
 *   left: Int32Array.of(1, 0, 0), right: Int32Array.of(2, 0, 0), value: Float32Array.of(0, -1, 1),
 * }
 * treeEnsembleRegressor({ trees: [stump], targets: 1 }, 'x', 'y', 'stump')
 */
export function treeEnsembleRegressor(
  { trees, targets, baseValues }: TreeEnsemble,
  input: string,
  output: string,
  name: string,
): OnnxNode {
  const total = trees.reduce((sum, tree) => sum + tree.feature.length, 0)
  const column = () => new BigInt64Array(total)
  const [treeIds, nodeIds, features, trueIds, falseIds, missing] = [
    column(),
    column(),
    column(),
    column(),
    column(),
    column(),
  ] as const
  const thresholds = new Float32Array(total)
  const modes: string[] = []
  const leaves: { tree: number[]; node: number[]; target: number[]; weight: number[] } = {
    tree: [],
    node: [],
    target: [],
    weight: [],
  }
  let at = 0
  for (const [t, tree] of trees.entries()) {
    for (let n = 0; n < tree.feature.length; n++, at++) {
      treeIds[at] = BigInt(t)
      nodeIds[at] = BigInt(n)
      if (tree.feature[n]! >= 0) {
        modes.push('BRANCH_LEQ')
        features[at] = BigInt(tree.feature[n]!)
        thresholds[at] = tree.threshold[n]!
        trueIds[at] = BigInt(tree.left[n]!)
        falseIds[at] = BigInt(tree.right[n]!)
        missing[at] = BigInt(tree.missingLeft?.[n] ?? 0)
        continue
      }
      modes.push('LEAF')
      for (let k = 0; k < targets; k++) {
        leaves.tree.push(t)
        leaves.node.push(n)
        leaves.target.push(k)
        leaves.weight.push(tree.value[n * targets + k]!)
      }
    }
  }
  return node(
    'TreeEnsembleRegressor',
    [input],
    [output],
    {
      aggregate_function: stringAttr('SUM'),
      ...(baseValues === undefined ? {} : { base_values: floatsAttr(baseValues) }),
      n_targets: intAttr(targets),
      nodes_falsenodeids: ints(falseIds),
      nodes_featureids: ints(features),
      ...(missing.some(flag => flag === 1n) ? { nodes_missing_value_tracks_true: ints(missing) } : {}),
      nodes_modes: stringsAttr(modes),
      nodes_nodeids: ints(nodeIds),
      nodes_treeids: ints(treeIds),
      nodes_truenodeids: ints(trueIds),
      nodes_values: floatsAttr(thresholds),
      post_transform: stringAttr('NONE'),
      target_ids: intsAttr(leaves.target),
      target_nodeids: intsAttr(leaves.node),
      target_treeids: intsAttr(leaves.tree),
      target_weights: floatsAttr(leaves.weight),
    },
    { name, domain: 'ai.onnx.ml' },
  )
}
