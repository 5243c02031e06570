// What the trees of a graph read, as a graph of its own: where two runtimes give them the same float32 numbers, every comparison and so every
// leaf is the same (EXPORT-02, TREE-04).

import type { OnnxModel, OnnxNode } from '../onnx/model.ts'

const TREES = 'TreeEnsembleRegressor'

/** Nodes that the value of a name comes from, in order. */
function before(nodes: readonly OnnxNode[], name: string): OnnxNode[] {
  const wanted = new Set([name])
  return nodes
    .toReversed()
    .filter(node => {
      if (!node.outputs.some(output => wanted.has(output))) return false
      for (const input of node.inputs) wanted.add(input)
      return true
    })
    .toReversed()
}

/** Undefined where the graph has no trees, or they read its input as it is. */
export function treeInputs(graph: OnnxModel): OnnxModel | undefined {
  const name = graph.nodes.find(({ opType }) => opType === TREES)?.inputs[0]
  const [input] = graph.inputs
  if (name === undefined || input === undefined || name === input.name) return undefined
  const nodes = before(graph.nodes, name)
  const used = new Set(nodes.flatMap(({ inputs }) => inputs))
  return {
    ...graph,
    name: `${graph.name} tree inputs`,
    nodes,
    initializers: graph.initializers.filter(tensor => used.has(tensor.name)),
    outputs: [{ name, type: 'float', dims: input.dims }],
    metadata: {},
  }
}
