// The sizer's network: tanh layers and one output u, squashed to a size a = 0.1 + 1.9 * sigmoid(u) (RL-01).

import type { Rng } from '../../base/rng.ts'
import { floatTensor, node } from '../../onnx/build.ts'
import type { OnnxNode, OnnxTensor } from '../../onnx/model.ts'
import { add, mul } from '../../tensor/ops/arithmetic.ts'
import { sigmoid, tanh } from '../../tensor/ops/elementwise.ts'
import { matmul } from '../../tensor/ops/matmul.ts'
import { constant, parameter, type Tensor } from '../../tensor/tensor.ts'
import type { GraphPart } from '../graph.ts'

export const LOWEST_SIZE = 0.1
export const SIZE_SPAN = 1.9

/** Weights by name: `w0` is `[inputs, first hidden]` row-major, `b0` its bias, and so on; the last layer has one output. */
export type NetWeights = Readonly<Record<string, Float64Array>>

/** Inputs, hidden layers, 1. */
export type NetWidths = readonly number[]

/**
 * Hidden layers as of Glorot and Bengio (2010). The last layer starts at 0 with the bias that gives size 1: training sets out from
 * the baseline and has to find a reason to leave it.
 */
export function initialWeights(widths: NetWidths, rng: Rng): NetWeights {
  const weights: Record<string, Float64Array> = {}
  for (const [layer, into] of widths.slice(1).entries()) {
    const from = widths[layer]!
    const last = layer === widths.length - 2
    const reach = last ? 0 : Math.sqrt(6 / (from + into))
    weights[`w${layer}`] = Float64Array.from({ length: from * into }, () => reach * (2 * rng.next() - 1))
    weights[`b${layer}`] = new Float64Array(into).fill(
      last ? Math.log((1 - LOWEST_SIZE) / (SIZE_SPAN + LOWEST_SIZE - 1)) : 0,
    )
  }
  return weights
}

/** The size of each row of `x`, `[n, inputs]` to `[n, 1]`, with the weights as parameters. */
export function sizeTensor(x: Tensor, widths: NetWidths): Tensor {
  let value = x
  for (let layer = 0; layer < widths.length - 1; layer++) {
    const [from, into] = [widths[layer]!, widths[layer + 1]!]
    value = add(matmul(value, parameter(`w${layer}`, [from, into])), parameter(`b${layer}`, [into]))
    if (layer < widths.length - 2) value = tanh(value)
  }
  return add(constant([], [LOWEST_SIZE]), mul(constant([], [SIZE_SPAN]), sigmoid(value)))
}

/** Outputs of the last layer, before any squashing, in plain loops: row-major float64, `count * outputs`. */
export function layersOf(weights: NetWeights, widths: NetWidths, inputs: Float32Array, count: number): Float64Array {
  const outputs = widths.at(-1)!
  const found = new Float64Array(count * outputs)
  const layers = widths.map(width => new Float64Array(width))
  const last = widths.length - 2
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < widths[0]!; i++) layers[0]![i] = inputs[row * widths[0]! + i]!
    for (let layer = 0; layer <= last; layer++) {
      const [from, into] = [layers[layer]!, layers[layer + 1]!]
      into.set(weights[`b${layer}`]!)
      const w = weights[`w${layer}`]!
      for (let i = 0; i < from.length; i++) {
        for (let j = 0; j < into.length; j++) into[j]! += from[i]! * w[i * into.length + j]!
      }
      if (layer < last) for (let j = 0; j < into.length; j++) into[j] = Math.tanh(into[j]!)
    }
    found.set(layers[last + 1]!, row * outputs)
  }
  return found
}

/** The same in plain loops, for `count` rows: sums in float64, sizes rounded to float32. */
export function sizesOf(weights: NetWeights, widths: NetWidths, inputs: Float32Array, count: number): Float32Array {
  return Float32Array.from(layersOf(weights, widths, inputs, count), u => LOWEST_SIZE + SIZE_SPAN / (1 + Math.exp(-u)))
}

export function sizeGraph(weights: NetWeights, widths: NetWidths, input: string, prefix: string): GraphPart {
  const name = (part: string): string => `${prefix}${part}`
  const nodes: OnnxNode[] = []
  const initializers: OnnxTensor[] = [
    floatTensor(name('span'), [], [SIZE_SPAN]),
    floatTensor(name('lowest'), [], [LOWEST_SIZE]),
  ]
  let value = input
  for (let layer = 0; layer < widths.length - 1; layer++) {
    const [from, into] = [widths[layer]!, widths[layer + 1]!]
    const [w, b, sum, squashed] = [name(`w${layer}`), name(`b${layer}`), name(`sum${layer}`), name(`unit${layer}`)]
    initializers.push(
      floatTensor(w, [from, into], weights[`w${layer}`]!),
      floatTensor(b, [into], weights[`b${layer}`]!),
    )
    nodes.push(
      node('Gemm', [value, w, b], [sum]),
      node(layer < widths.length - 2 ? 'Tanh' : 'Sigmoid', [sum], [squashed]),
    )
    value = squashed
  }
  nodes.push(node('Mul', [value, name('span')], [name('spanned')]))
  nodes.push(node('Add', [name('spanned'), name('lowest')], [name('size')]))
  return { nodes, initializers, output: name('size'), outputs: 1 }
}
