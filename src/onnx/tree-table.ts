// The node columns of an ai.onnx.ml tree ensemble, proven to be trees: unique ids, children in the same tree, one parent each, no circle.

import { Fault } from '../base/fault.ts'
import { floatsOf, intsOf, stringsOf } from './attributes.ts'
import { LIMITS } from './limits.ts'
import type { OnnxNode } from './model.ts'

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
  /** True where NaN counts as fulfilling the condition. */
  readonly missingYes: readonly boolean[]
  /** Sparse weights of leaves. */
  readonly weights: readonly { readonly leaf: number; readonly target: number; readonly weight: number }[]
}

/** Ids are joined into one number as key. */
const ID_BOUND = 2 ** 24
const PER_NODE = ['nodes_nodeids', 'nodes_featureids', 'nodes_truenodeids', 'nodes_falsenodeids'] as const

/**
 * Faults: `ONNX_TREE_FORM` (columns unlike, ids unknown or twice, foreign modes), `ONNX_TREE_CYCLE`, `ONNX_TREE_TOO_DEEP`.
 * @param kind how the columns of the leaves begin: `target` of a regressor, `class` of a classifier
 * @param targets number of outputs that leaf ids must stay below
 */
export function readTreeTable(node: OnnxNode, kind: 'target' | 'class', targets: number): TreeTable {
  const broken = (sentence: string, code = 'ONNX_TREE_FORM'): Fault =>
    new Fault(code, sentence, { place: `trees ${node.name}` })
  const asTensor = Object.keys(node.attributes).find(name => name.endsWith('_as_tensor'))
  if (asTensor !== undefined) throw broken(`${asTensor}: trees in double precision are not accepted`)

  const treeIds = intsOf(node, 'nodes_treeids')
  const count = treeIds.length
  const [nodeIds, feature, trueIds, falseIds] = PER_NODE.map(name => column(intsOf(node, name), name)) as [
    readonly number[],
    readonly number[],
    readonly number[],
    readonly number[],
  ]
  const threshold = floatsOf(node, 'nodes_values')
  if (threshold.length !== count) throw broken(`nodes_values has ${threshold.length} entries for ${count} nodes`)
  const mode = column(stringsOf(node, 'nodes_modes'), 'nodes_modes').map(asMode)
  const missing = intsOf(node, 'nodes_missing_value_tracks_true')
  const missingYes =
    missing.length === 0 ? mode.map(() => false) : column(missing, 'missing tracks').map(flag => flag === 1)

  function column<T>(values: readonly T[], name: string): readonly T[] {
    if (values.length !== count) throw broken(`${name} has ${values.length} entries for ${count} nodes`)
    return values
  }
  function asMode(name: string): TreeMode {
    const found = MODES.find(mode => mode === name)
    if (found === undefined) throw broken(`branch mode "${name}" is unknown`)
    return found
  }

  const indexOf = new Map<number, number>()
  const keyOf = (tree: number, id: number): number => {
    if (tree < 0 || id < 0 || tree >= ID_BOUND || id >= ID_BOUND) throw broken(`id ${tree}/${id} is out of range`)
    return tree * ID_BOUND + id
  }
  const find = (tree: number, id: number): number => {
    const found = indexOf.get(keyOf(tree, id))
    if (found === undefined) throw broken(`node ${id} of tree ${tree} does not exist`)
    return found
  }
  for (let n = 0; n < count; n++) {
    const key = keyOf(treeIds[n]!, nodeIds[n]!)
    if (indexOf.has(key)) throw broken(`node ${nodeIds[n]} of tree ${treeIds[n]} is given twice`)
    indexOf.set(key, n)
  }

  const roots: number[] = []
  const started = new Set<number>()
  for (let n = 0; n < count; n++) {
    if (n > 0 && treeIds[n] === treeIds[n - 1]) continue
    if (started.has(treeIds[n]!)) throw broken(`the nodes of tree ${treeIds[n]} do not lie together`)
    started.add(treeIds[n]!)
    roots.push(n)
  }
  if (roots.length === 0) throw broken('there are no trees')

  const yes = new Int32Array(count).fill(-1)
  const no = new Int32Array(count).fill(-1)
  for (let n = 0; n < count; n++) {
    if (mode[n] === 'LEAF') continue
    if (feature[n]! < 0 || feature[n]! >= ID_BOUND) throw broken(`feature ${feature[n]} is out of range`)
    yes[n] = find(treeIds[n]!, trueIds[n]!)
    no[n] = find(treeIds[n]!, falseIds[n]!)
  }
  proveTrees(roots, yes, no, broken)

  return { roots, mode, feature, threshold, yes, no, missingYes, weights: readWeights() }

  function readWeights(): TreeTable['weights'] {
    const trees = intsOf(node, `${kind}_treeids`)
    const ids = intsOf(node, `${kind}_nodeids`)
    const outputs = intsOf(node, `${kind}_ids`)
    const weights = floatsOf(node, `${kind}_weights`)
    if ([ids, outputs, weights].some(({ length }) => length !== trees.length))
      throw broken(`${kind} columns differ in length`)
    const seen = new Set<number>()
    return trees.map((tree, index) => {
      const leaf = find(tree, ids[index]!)
      const target = outputs[index]!
      if (mode[leaf] !== 'LEAF') throw broken(`node ${ids[index]} of tree ${tree} has a weight and is no leaf`)
      if (target < 0 || target >= targets) throw broken(`${kind} id ${target} is outside ${targets}`)
      if (seen.size === seen.add(leaf * targets + target).size)
        throw broken(`leaf ${ids[index]} of tree ${tree} has two weights`)
      return { leaf, target, weight: weights[index]! }
    })
  }
}

/** Walks down from each root: every node is met exactly once, so nothing is shared, circular or unreachable. */
function proveTrees(
  roots: readonly number[],
  yes: Int32Array,
  no: Int32Array,
  broken: (sentence: string, code: string) => Fault,
): void {
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
