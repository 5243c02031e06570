// The shared trunk of a neural bandit: dense layers with layer normalisation and ReLU, in plain loops and as a tensor graph.

import type { Rng } from '../../base/rng.ts'
import { mul } from '../../tensor/ops/arithmetic.ts'
import { relu } from '../../tensor/ops/elementwise.ts'
import { layerNorm } from '../../tensor/ops/layer-norm.ts'
import { linear } from '../../tensor/ops/matmul.ts'
import { constant, parameter, type Tensor } from '../../tensor/tensor.ts'

/** Inputs, then the width of each layer. */
export type TrunkWidths = readonly number[]
export type TrunkWeights = Readonly<Record<string, readonly number[] | Float64Array>>

export const TRUNK_EPSILON = 1e-5

/** He et al. 2015 for layers that end in ReLU; gains 1, shifts 0. */
export function initialTrunk(widths: TrunkWidths, rng: Rng): Record<string, Float64Array> {
  const weights: Record<string, Float64Array> = {}
  for (const [layer, into] of widths.slice(1).entries()) {
    const from = widths[layer]!
    weights[`w${layer}`] = Float64Array.from({ length: from * into }, () => Math.sqrt(2 / from) * rng.normal())
    weights[`b${layer}`] = new Float64Array(into)
    weights[`gain${layer}`] = new Float64Array(into).fill(1)
    weights[`shift${layer}`] = new Float64Array(into)
  }
  return weights
}

/** The last layer is divided by the root of its width: a prior of A = I is then one of about 1 R, whatever the width. */
export const lastScale = (widths: TrunkWidths): number => 1 / Math.sqrt(widths.at(-1)!)

/** phi of one encoded context. */
export function trunkFeatures(weights: TrunkWeights, widths: TrunkWidths, x: Float64Array): Float64Array {
  let value = x
  for (let layer = 0; layer < widths.length - 1; layer++) {
    const [w, b, gain, shift] = ['w', 'b', 'gain', 'shift'].map(part => weights[`${part}${layer}`]!)
    const into = widths[layer + 1]!
    const next = Float64Array.from(b!)
    for (const [i, factor] of value.entries()) {
      if (factor !== 0) for (let j = 0; j < into; j++) next[j]! += factor * w![i * into + j]!
    }
    let centre = 0
    for (let j = 0; j < into; j++) centre += next[j]! / into
    let variance = 0
    for (let j = 0; j < into; j++) variance += (next[j]! - centre) ** 2 / into
    const inverse = 1 / Math.sqrt(variance + TRUNK_EPSILON)
    for (let j = 0; j < into; j++) next[j] = Math.max(0, (next[j]! - centre) * inverse * gain![j]! + shift![j]!)
    value = next
  }
  const scale = lastScale(widths)
  return value.map(unit => unit * scale)
}

/** The same of a batch, `[n, inputs]` to `[n, last]`, with the weights as parameters. */
export function trunkTensor(x: Tensor, widths: TrunkWidths): Tensor {
  let value = x
  for (let layer = 0; layer < widths.length - 1; layer++) {
    const [from, into] = [widths[layer]!, widths[layer + 1]!]
    const raw = linear(value, parameter(`w${layer}`, [from, into]), parameter(`b${layer}`, [into]))
    const [gain, shift] = [parameter(`gain${layer}`, [into]), parameter(`shift${layer}`, [into])]
    value = relu(layerNorm(raw, gain, shift, TRUNK_EPSILON))
  }
  return mul(value, constant([], [lastScale(widths)]))
}
