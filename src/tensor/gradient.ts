// Reverse mode: the gradients of a value as more nodes of the same graph, so that whatever evaluates a graph evaluates them too.

import { add } from './ops/arithmetic.ts'
import { joined } from './ops/slice.ts'
import { filled, ordered, type Tensor } from './tensor.ts'

/** What flows back into one node, added up. */
function total(parts: readonly Tensor[]): Tensor {
  return joined(parts) ?? parts.reduce((sum, part) => add(sum, part))
}

/**
 * The gradients of the sum of `root` by each of `leaves`.
 *
 * @example
 * const w = parameter('w', [2])
 * gradientsOf(sum(square(w)), [w]) // [the tensor 2w]
 */
export function gradientsOf(root: Tensor, leaves: readonly Tensor[]): readonly Tensor[] {
  const order = ordered([root])
  const wanted = new Set<Tensor>(leaves)
  for (const node of order) {
    if (node.kind === 'operation' && node.inputs.some(below => wanted.has(below))) wanted.add(node)
  }
  const arriving = new Map<Tensor, Tensor[]>([[root, [filled(root.shape, 1)]]])
  const found = new Map<Tensor, Tensor>()
  for (const node of order.toReversed()) {
    const parts = arriving.get(node)
    if (parts === undefined || !wanted.has(node)) continue
    const gradient = total(parts)
    found.set(node, gradient)
    if (node.kind !== 'operation') continue
    for (const [place, part] of (node.rule.gradients?.(gradient, node) ?? []).entries()) {
      const below = node.inputs[place]!
      if (part === undefined || !wanted.has(below)) continue
      const others = arriving.get(below)
      if (others === undefined) arriving.set(below, [part])
      else others.push(part)
    }
  }
  return leaves.map(leaf => found.get(leaf) ?? filled(leaf.shape, 0))
}
