// Cast between float and bool, and of integer constants; Clip, whose bounds are inputs.

import { intOf } from '../attributes.ts'
import { elementTypeName } from '../tensor-codec.ts'
import { type Kernel, nothingToRun } from './kernel.ts'
import { floatInput, newBools, newFloats, shapeFault } from './value.ts'

export const cast: Kernel = (node, inputs) => {
  const [input] = inputs
  const to = elementTypeName(intOf(node, 'to', 0))
  if (input === undefined || (to !== 'float' && to !== 'bool'))
    throw shapeFault(node, `a cast to ${to} is not evaluated`)
  if (input.type === to) return { outputs: [input], run: nothingToRun }
  const output = to === 'float' ? newFloats(node, input.batched, input.dims) : newBools(node, input.batched, input.dims)
  const from = input.data
  const target = output.data
  const isBool = to === 'bool'
  return {
    outputs: [output],
    run: () => {
      // NaN is not 0 and therefore true.
      for (let i = 0; i < target.length; i++) target[i] = isBool ? (from[i] === 0 ? 0 : 1) : from[i]!
    },
  }
}

/** An omitted bound of Clip is the lowest or largest float32 (Clip-13), which infinities meet. */
const LARGEST_FLOAT = Math.fround(3.4028234663852886e38)

/** min(max(x, low), high); NaN stays NaN. */
export const clip: Kernel = (node, inputs) => {
  const { data: from, dims, batched } = floatInput(node, inputs, 0)
  const bound = (index: number, otherwise: number): number => {
    if (inputs[index] === undefined) return otherwise
    const { data, batched } = floatInput(node, inputs, index)
    if (batched || data.length !== 1) throw shapeFault(node, 'a bound must be a constant scalar')
    return data[0]!
  }
  const low = bound(1, -LARGEST_FLOAT)
  const high = bound(2, LARGEST_FLOAT)
  const output = newFloats(node, batched, dims)
  const to = output.data
  return {
    outputs: [output],
    run: () => {
      for (let i = 0; i < to.length; i++) to[i] = Math.min(Math.max(from[i]!, low), high)
    },
  }
}
