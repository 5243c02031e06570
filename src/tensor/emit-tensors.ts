// A tensor graph as ONNX nodes.

import type { Emitter } from './emitter.ts'
import { ordered, type Tensor } from './tensor.ts'

/**
 * Writes all nodes below the roots.
 *
 * @param leaves the name of the value that stands for each input and parameter
 * @returns the value name of each root
 */
export function emitTensors(
  emit: Emitter,
  roots: readonly Tensor[],
  leaves: (name: string) => string,
): readonly string[] {
  const names = new Map<Tensor, string>()
  for (const node of ordered(roots)) {
    if (node.kind === 'constant') names.set(node, emit.floats(node.shape, node.data))
    else if (node.kind !== 'operation') names.set(node, leaves(node.name))
    else {
      const inputs = node.inputs.map(below => names.get(below)!)
      names.set(node, node.rule.onnx(emit, inputs))
    }
  }
  return roots.map(root => names.get(root)!)
}
