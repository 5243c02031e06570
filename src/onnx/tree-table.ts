// The columns of an ai.onnx.ml tree ensemble, proven to be trees: unique ids, children in the same tree, one parent each, no circle.

import { Fault } from '../base/fault.ts'
import { floatsOf, intsOf, stringsOf } from './attributes.ts'
import { LIMITS } from './limits.ts'
import type { OnnxNode } from './model.ts'
import { type TreeIndex, treeIndex } from './tree-index.ts'

const MODES = ['LEAF', 'BRANCH_LEQ', 'BRANCH_LT', 'BRANCH_GTE', 'BRANCH_GT', 'BRANCH_EQ', 'BRANCH_NEQ'] as const
export type TreeMode = (typeof MODES)[number]

export type TreeTable = {
  /** Index of each tree's root; trees are in the order of the file, a tree's nodes lie together, the root first. */
  readonly roots: readonly number[]
  readonly mode: readonly TreeMode[]
  readonly feature: readonly number[]
  readonly threshold: Float32Array
  /** Index of the node where the condition holds, and of the one where it does not; -1 at leaves. */
  readonly yes: Int32Array
  readonly no: Int32Array
  /** 1 where NaN counts as fulfilling the condition. */
  readonly missingYes: readonly number[]
  readonly weights: LeafWeights
}

/** What leaves add to targets, in columns; a leaf need not have every target. */
export type LeafWeights = {
  readonly leaf: Int32Array
  readonly target: Int32Array
  readonly weight: Float32Array
}

/** Features are kept with a flag in 32 bits. */
const LARGEST_FEATURE = 2 ** 30 - 1

type Broken = (sentence: string, code?: string) => Fault

/**
 * Faults: `ONNX_TREE_FORM` (columns unlike, ids unknown or twice, foreign modes), `ONNX_TREE_CYCLE`, `ONNX_TREE_TOO_DEEP`.
 * @param kind how the columns of the leaves begin: `target` of a regressor, `class` of a classifier
 * @param targets number of outputs that leaf ids must stay below
 */
export function readTreeTable(node: OnnxNode, kind: 'target' | 'class', targets: number): TreeTable {
  const broken: Broken = (sentence, code = 'ONNX_TREE_FORM') =>
    new Fault(code, sentence, { place: `trees ${node.name}` })
  const asTensor = Object.keys(node.attributes).find(name => name.endsWith('_as_tensor'))
  if (asTensor !== undefined) throw broken(`${asTensor}: trees in double precision are not accepted`)

  const treeIds = intsOf(node, 'nodes_treeids')
  const count = treeIds.length
  const checked = <T extends { readonly length: number }>(name: string, values: T): T => {
    if (values.length === count) return values
    throw broken(`${name} has ${values.length} entries for ${count} nodes`)
  }
  const ints = (name: string): readonly number[] => checked(name, intsOf(node, name))
  const index = treeIndex(treeIds, ints('nodes_nodeids'), broken)
  const mode = modesOf(checked('nodes_modes', stringsOf(node, 'nodes_modes')), broken)
  const feature = ints('nodes_featureids')
  const missing = intsOf(node, 'nodes_missing_value_tracks_true')
  const branches = { treeIds, mode, feature, trueIds: ints('nodes_truenodeids'), falseIds: ints('nodes_falsenodeids') }
  const { yes, no } = childrenOf(branches, index, broken)
  proveTrees(index.roots, yes, no, broken)
  return {
    roots: index.roots,
    mode,
    feature,
    threshold: checked('nodes_values', floatsOf(node, 'nodes_values')),
    yes,
    no,
    missingYes: missing.length === 0 ? Array<number>(count).fill(0) : checked('missing value tracks', missing),
    weights: readWeights(node, kind, targets, mode, index, broken),
  }
}

function modesOf(names: readonly string[], broken: Broken): readonly TreeMode[] {
  return names.map(name => {
    const found = MODES.find(mode => mode === name)
    if (found === undefined) throw broken(`branch mode "${name}" is unknown`)
    return found
  })
}

type Branches = {
  readonly treeIds: readonly number[]
  readonly mode: readonly TreeMode[]
  readonly feature: readonly number[]
  readonly trueIds: readonly number[]
  readonly falseIds: readonly number[]
}

function childrenOf({ treeIds, mode, feature, trueIds, falseIds }: Branches, index: TreeIndex, broken: Broken) {
  const yes = new Int32Array(mode.length).fill(-1)
  const no = new Int32Array(mode.length).fill(-1)
  for (let n = 0; n < mode.length; n++) {
    if (mode[n] === 'LEAF') continue
    if (feature[n]! < 0 || feature[n]! > LARGEST_FEATURE) throw broken(`feature ${feature[n]} is out of range`)
    yes[n] = index.find(treeIds[n]!, trueIds[n]!)
    no[n] = index.find(treeIds[n]!, falseIds[n]!)
  }
  return { yes, no }
}

/** Walks down from each root: every node is met exactly once, so nothing is shared, circular or unreachable. */
function proveTrees(roots: readonly number[], yes: Int32Array, no: Int32Array, broken: Broken): void {
  const met = new Uint8Array(yes.length)
  let total = 0
  let level = [...roots]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > LIMITS.treeDepth) throw broken(`a tree is deeper than ${LIMITS.treeDepth}`, 'ONNX_TREE_TOO_DEEP')
    const next: number[] = []
    for (const n of level) {
      if (met[n] === 1) throw broken('a node has two parents, or is its own ancestor', 'ONNX_TREE_CYCLE')
      met[n] = 1
      total++
      if (yes[n]! >= 0) next.push(yes[n]!, no[n]!)
    }
    level = next
  }
  if (total !== yes.length) throw broken('a node cannot be reached from a root', 'ONNX_TREE_CYCLE')
}

function readWeights(
  node: OnnxNode,
  kind: string,
  targets: number,
  mode: readonly TreeMode[],
  index: TreeIndex,
  broken: Broken,
): LeafWeights {
  const trees = intsOf(node, `${kind}_treeids`)
  const ids = intsOf(node, `${kind}_nodeids`)
  const outputs = intsOf(node, `${kind}_ids`)
  const weight = floatsOf(node, `${kind}_weights`)
  if ([ids, outputs, weight].some(({ length }) => length !== trees.length))
    throw broken(`${kind} columns differ in length`)
  const leaf = new Int32Array(trees.length)
  const seen = new Set<number>()
  for (let i = 0; i < trees.length; i++) {
    leaf[i] = index.find(trees[i]!, ids[i]!)
    if (mode[leaf[i]!] !== 'LEAF') throw broken(`node ${ids[i]} of tree ${trees[i]} has a weight and is no leaf`)
    if (outputs[i]! < 0 || outputs[i]! >= targets) throw broken(`${kind} id ${outputs[i]} is outside ${targets}`)
    const key = leaf[i]! * targets + outputs[i]!
    if (seen.has(key)) throw broken(`leaf ${ids[i]} of tree ${trees[i]} has two weights`)
    seen.add(key)
  }
  return { leaf, target: Int32Array.from(outputs), weight }
}
