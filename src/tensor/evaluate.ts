// The reference evaluator (TENSOR-03): float64, one buffer per node made once, nodes in order.

import { Fault } from '../base/fault.ts'
import { gradientsOf } from './gradient.ts'
import { ordered, sizeOf, type Tensor } from './tensor.ts'

/** Values by leaf name, row-major. */
export type Feeds = Readonly<Record<string, Float64Array>>

/** Nodes with their buffers. */
export type Plan = {
  readonly nodes: readonly Tensor[]
  readonly values: readonly Float64Array[]
  /** The buffers that each node reads. */
  readonly reads: readonly (readonly Float64Array[])[]
  /** The buffers of the roots. */
  readonly results: readonly Float64Array[]
}

export type Graph = {
  readonly plan: Plan
  /** Nodes up to here make the value; those after it the gradients. */
  readonly valueNodes: number
  readonly parameters: readonly string[]
}

/**
 * Lays out the buffers of everything below the roots.
 *
 * @throws Fault TENSOR_NAME where two leaves have one name
 */
export function layOut(roots: readonly Tensor[]): Plan {
  const nodes = ordered(roots)
  const names = new Set<string>()
  for (const node of nodes) {
    if (node.kind !== 'input' && node.kind !== 'parameter') continue
    if (names.has(node.name)) throw new Fault('TENSOR_NAME', `two leaves are called ${node.name}`)
    names.add(node.name)
  }
  const values = nodes.map(node => (node.kind === 'constant' ? node.data : new Float64Array(sizeOf(node.shape))))
  const places = new Map(nodes.map((node, place) => [node, place]))
  const valueOf = (node: Tensor): Float64Array => values[places.get(node)!]!
  return {
    nodes,
    values,
    reads: nodes.map(node => (node.kind === 'operation' ? node.inputs.map(valueOf) : [])),
    results: roots.map(valueOf),
  }
}

/**
 * Fills the buffers of the first `count` nodes.
 *
 * @throws Fault TENSOR_FEED where a leaf is missing or of another size
 */
export function run({ nodes, values, reads }: Plan, feeds: Feeds, count = nodes.length): void {
  for (let place = 0; place < count; place++) {
    const node = nodes[place]!
    const value = values[place]!
    if (node.kind === 'operation') node.rule.forward(value, reads[place]!)
    else if (node.kind !== 'constant') {
      const fed = feeds[node.name]
      if (fed?.length !== value.length) {
        const got = fed?.length ?? 'none'
        throw new Fault('TENSOR_FEED', `${node.kind} ${node.name} wants ${value.length} values, got ${got}`)
      }
      value.set(fed)
    }
  }
}

/**
 * A value and its gradients, ready to be evaluated.
 *
 * @throws Fault TENSOR_NAME where two leaves have one name
 * @example
 * const x = input('x', [2])
 * const w = parameter('w', [2])
 * const { value, gradients } = evaluate(compile(sum(mul(x, w))), { x: Float64Array.of(3, 4), w: Float64Array.of(1, 2) })
 * value[0] // 11
 * gradients.w // Float64Array [3, 4]
 */
export function compile(root: Tensor): Graph {
  const below = ordered([root])
  const leaves = below.flatMap(node => (node.kind === 'parameter' ? [node] : []))
  return {
    plan: layOut([root, ...gradientsOf(root, leaves)]),
    valueNodes: below.length,
    parameters: leaves.map(({ name }) => name),
  }
}

/**
 * The value of the root. The array is the graph's own and overwritten by the next call.
 *
 * @throws Fault TENSOR_FEED where a leaf is missing or of another size
 */
export function forward({ plan, valueNodes }: Graph, feeds: Feeds): Float64Array {
  run(plan, feeds, valueNodes)
  return plan.results[0]!
}

/**
 * Value of the root and the gradient of its sum by every parameter. All arrays are the graph's own and overwritten by the next call.
 */
export function evaluate(
  { plan, parameters }: Graph,
  feeds: Feeds,
): { readonly value: Float64Array; readonly gradients: Record<string, Float64Array> } {
  run(plan, feeds)
  const gradients: Record<string, Float64Array> = {}
  for (const [place, name] of parameters.entries()) gradients[name] = plan.results[place + 1]!
  return { value: plan.results[0]!, gradients }
}
