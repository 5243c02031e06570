// ai.onnx.ml operators that work column by column: Imputer and Scaler.

import { floatOf, floatsOf } from '../attributes.ts'
import type { OnnxNode } from '../model.ts'
import type { Kernel } from './kernel.ts'
import { floatInput, newFloats, shapeFault } from './value.ts'

/** One number per column; a single one stands for all. */
function perColumn(node: OnnxNode, name: string, width: number): Float32Array {
  const given = floatsOf(node, name)
  if (given.length === width) return given
  if (given.length === 1) return new Float32Array(width).fill(given[0]!)
  throw shapeFault(node, `${name} has ${given.length} values for ${width} columns`)
}

function width(node: OnnxNode, dims: readonly number[]): number {
  if (dims.length !== 1) throw shapeFault(node, 'rows of columns are wanted')
  return dims[0]!
}

export const imputer: Kernel = (node, inputs) => {
  const { data: from, dims, batched } = floatInput(node, inputs, 0)
  const imputed = perColumn(node, 'imputed_value_floats', width(node, dims))
  const replaced = floatOf(node, 'replaced_value_float', 0)
  const output = newFloats(node, batched, dims)
  const to = output.data
  const replacesNaN = Number.isNaN(replaced)
  return {
    outputs: [output],
    run: () => {
      for (let i = 0; i < to.length; i++) {
        const x = from[i]!
        to[i] = (replacesNaN ? Number.isNaN(x) : x === replaced) ? imputed[i]! : x
      }
    },
  }
}

/** (x - offset) * scale, rounded after each step as float32 arithmetic does. */
export const scaler: Kernel = (node, inputs) => {
  const { data: from, dims, batched } = floatInput(node, inputs, 0)
  const offset = perColumn(node, 'offset', width(node, dims))
  const scale = perColumn(node, 'scale', width(node, dims))
  const output = newFloats(node, batched, dims)
  const to = output.data
  return {
    outputs: [output],
    run: () => {
      for (let i = 0; i < to.length; i++) to[i] = Math.fround(from[i]! - offset[i]!) * scale[i]!
    },
  }
}
