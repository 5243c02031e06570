// Softmax, LogSoftmax and layer normalisation along the last axis.

import { floatOf, intOf } from '../attributes.ts'
import type { Kernel } from './kernel.ts'
import { axisWithin, floatInput, newFloats, shapeFault } from './value.ts'

/** exp(x - max) / sum; the largest element is subtracted so that nothing overflows. */
export const softmax =
  ({ log }: { readonly log: boolean }): Kernel =>
  (node, inputs) => {
    const input = floatInput(node, inputs, 0)
    const { data: from, dims } = input
    if (axisWithin(node, input, intOf(node, 'axis', -1)) !== dims.length - 1)
      throw shapeFault(node, 'only the last axis')
    const width = dims.at(-1)!
    const output = newFloats(node, input.batched, dims)
    const to = output.data
    return {
      outputs: [output],
      run: () => {
        for (let start = 0; start < to.length; start += width) {
          let largest = Number.NEGATIVE_INFINITY
          for (let i = 0; i < width; i++) largest = Math.max(largest, from[start + i]!)
          let sum = 0
          for (let i = 0; i < width; i++) sum += Math.exp(from[start + i]! - largest)
          const logSum = Math.log(sum)
          for (let i = 0; i < width; i++) {
            const centred = from[start + i]! - largest
            to[start + i] = log ? centred - logSum : Math.exp(centred) / sum
          }
        }
      },
    }
  }

/** (x - mean) / sqrt(variance + epsilon) * scale + bias (LayerNormalization-17). */
export const layerNormalization: Kernel = (node, inputs) => {
  const input = floatInput(node, inputs, 0)
  const { data: from, dims, batched } = input
  if (axisWithin(node, input, intOf(node, 'axis', -1)) !== dims.length - 1) throw shapeFault(node, 'only the last axis')
  if (node.outputs.slice(1).some(name => name !== '')) throw shapeFault(node, 'only the first output is evaluated')
  const width = dims.at(-1)!
  const scale = floatInput(node, inputs, 1)
  const bias = inputs[2] === undefined ? new Float32Array(width) : floatInput(node, inputs, 2).data
  if (scale.batched || scale.data.length !== width || bias.length !== width) {
    throw shapeFault(node, `scale and bias must be constants of ${width} elements`)
  }
  const epsilon = floatOf(node, 'epsilon', 1e-5)
  const output = newFloats(node, batched, dims)
  const to = output.data
  return {
    outputs: [output],
    run: () => {
      for (let start = 0; start < to.length; start += width) {
        let mean = 0
        for (let i = 0; i < width; i++) mean += from[start + i]!
        mean /= width
        let variance = 0
        for (let i = 0; i < width; i++) variance += (from[start + i]! - mean) ** 2
        const inverse = 1 / Math.sqrt(variance / width + epsilon)
        for (let i = 0; i < width; i++) to[start + i] = (from[start + i]! - mean) * inverse * scale.data[i]! + bias[i]!
      }
    },
  }
}
