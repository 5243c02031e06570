// Products with constant matrices, the weights transposed so that each output is one contiguous dot product in double precision.

import { floatOf, intOf } from '../attributes.ts'
import { broadcast } from './broadcast.ts'
import type { Kernel } from './kernel.ts'
import { type FloatValue, floatInput, newFloats, shapeFault } from './value.ts'

/** Rows of the result are columns of `weights` `[inner, columns]`. */
function columnsOf({ data }: FloatValue, inner: number, columns: number): Float32Array {
  const transposed = new Float32Array(data.length)
  for (let k = 0; k < inner; k++) {
    for (let j = 0; j < columns; j++) transposed[j * inner + k] = data[k * columns + j]!
  }
  return transposed
}

/** `to[i, j] = scale * sum_k from[i, k] * weights[j, k]`; `weights` has one row per output column. */
function multiply(from: Float32Array, weights: Float32Array, to: Float32Array, inner: number, scale: number): void {
  const columns = weights.length / inner
  const rows = to.length / columns
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0
      for (let k = 0; k < inner; k++) sum += from[i * inner + k]! * weights[j * inner + k]!
      to[i * columns + j] = scale * sum
    }
  }
}

export const matMul: Kernel = (node, inputs) => {
  const a = floatInput(node, inputs, 0)
  const b = floatInput(node, inputs, 1)
  const inner = a.dims.at(-1)
  if (b.batched || b.dims.length !== 2 || inner === undefined || inner === 0 || b.dims[0] !== inner) {
    throw shapeFault(
      node,
      `[${a.dims.join(', ')}] times [${b.dims.join(', ')}]: the right side must be a constant matrix that fits`,
    )
  }
  const columns = b.dims[1]!
  const weights = columnsOf(b, inner, columns)
  const output = newFloats(node, a.batched, [...a.dims.slice(0, -1), columns])
  return { outputs: [output], run: () => multiply(a.data, weights, output.data, inner, 1) }
}

export const gemm: Kernel = (node, inputs) => {
  const a = floatInput(node, inputs, 0)
  const b = floatInput(node, inputs, 1)
  const transposed = intOf(node, 'transB', 0) === 1
  const [inner, columns] = transposed ? [b.dims[1], b.dims[0]] : [b.dims[0], b.dims[1]]
  const fits = a.batched && a.dims.length === 1 && !b.batched && b.dims.length === 2 && a.dims[0] === inner
  if (!fits || inner === undefined || inner === 0 || columns === undefined || intOf(node, 'transA', 0) !== 0) {
    throw shapeFault(node, 'Gemm is evaluated for a batch of rows and a constant matrix that fits')
  }
  const weights = transposed ? b.data : columnsOf(b, inner, columns)
  const output = newFloats(node, true, [columns])
  const alpha = floatOf(node, 'alpha', 1)
  const product = (): void => multiply(a.data, weights, output.data, inner, alpha)
  if (inputs[2] === undefined) return { outputs: [output], run: product }

  const c = floatInput(node, inputs, 2)
  const { size, maps } = broadcast(node, [output, c])
  if (size !== columns) throw shapeFault(node, `a bias of [${c.dims.join(', ')}] does not fit ${columns} columns`)
  const beta = floatOf(node, 'beta', 1)
  const bias = c.data
  const from = maps[1] ?? Int32Array.from({ length: columns }, (_, j) => j)
  const to = output.data
  return {
    outputs: [output],
    run: () => {
      product()
      for (let j = 0; j < to.length; j++) to[j]! += beta * bias[from[j]!]!
    },
  }
}
