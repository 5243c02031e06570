// The reference evaluator (TENSOR-03): float64, one buffer per node made once, forward in order and gradients in reverse.

import { Fault } from '../base/fault.ts'
import { sizeOf, type Tensor } from './tensor.ts'

/** Values by leaf name, row-major. Read in place, not copied. */
export type Feeds = Readonly<Record<string, Float64Array>>

export type Graph = {
  /** Inputs before their users; the last is the root. */
  readonly nodes: readonly Tensor[]
  /** Positions in `nodes` of each node's inputs. */
  readonly inputs: readonly (readonly number[])[]
  /** Value and gradient buffers; leaves are replaced by what is fed. A gradient exists where a parameter is below. */
  readonly values: Float64Array[]
  readonly gradients: readonly (Float64Array | undefined)[]
}

/** Depth-first order of everything below the root. */
function ordered(root: Tensor): Tensor[] {
  const order: Tensor[] = []
  const seen = new Set<Tensor>()
  const visit = (node: Tensor): void => {
    if (seen.has(node)) return
    seen.add(node)
    if (node.kind === 'operation') for (const below of node.inputs) visit(below)
    order.push(node)
  }
  visit(root)
  return order
}

/**
 * Lays out the buffers of a graph.
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
  const nodes = ordered(root)
  const names = nodes.flatMap(node => (node.kind === 'input' || node.kind === 'parameter' ? [node.name] : []))
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw new Fault('TENSOR_NAME', `two leaves are called ${twice}`)
  const places = new Map(nodes.map((node, place) => [node, place]))
  const inputs = nodes.map(node => (node.kind === 'operation' ? node.inputs.map(below => places.get(below)!) : []))
  const wanted: boolean[] = []
  for (const [place, node] of nodes.entries()) {
    wanted.push(node.kind === 'parameter' || inputs[place]!.some(below => wanted[below]))
  }
  return {
    nodes,
    inputs,
    values: nodes.map(node => (node.kind === 'constant' ? node.data : new Float64Array(sizeOf(node.shape)))),
    gradients: nodes.map((node, place) => (wanted[place] ? new Float64Array(sizeOf(node.shape)) : undefined)),
  }
}

/**
 * The value of the root. The array is the graph's own and overwritten by the next call.
 *
 * @throws Fault TENSOR_FEED where a leaf is missing or of another size
 */
export function forward({ nodes, inputs, values }: Graph, feeds: Feeds): Float64Array {
  for (const [place, node] of nodes.entries()) {
    if (node.kind === 'constant') continue
    if (node.kind === 'operation') {
      node.kernel.forward(
        values[place]!,
        inputs[place]!.map(below => values[below]!),
      )
      continue
    }
    const fed = feeds[node.name]
    const size = sizeOf(node.shape)
    if (fed?.length !== size) {
      throw new Fault('TENSOR_FEED', `${node.kind} ${node.name} wants ${size} values, got ${fed?.length ?? 'none'}`)
    }
    values[place] = fed
  }
  return values[nodes.length - 1]!
}

/**
 * Value of the root and the gradient of its sum by every parameter. All arrays are the graph's own and overwritten by the next call.
 */
export function evaluate(
  graph: Graph,
  feeds: Feeds,
): { readonly value: Float64Array; readonly gradients: Record<string, Float64Array> } {
  const value = forward(graph, feeds)
  const { nodes, inputs, values, gradients } = graph
  for (const gradient of gradients) gradient?.fill(0)
  gradients[nodes.length - 1]?.fill(1)
  const found: Record<string, Float64Array> = {}
  for (let place = nodes.length - 1; place >= 0; place--) {
    const node = nodes[place]!
    const gradient = gradients[place]
    if (gradient === undefined) continue
    if (node.kind === 'parameter') found[node.name] = gradient
    if (node.kind !== 'operation') continue
    const below = inputs[place]!
    node.kernel.backward(
      gradient,
      below.map(input => gradients[input]),
      values[place]!,
      below.map(input => values[input]!),
    )
  }
  return { value, gradients: found }
}
