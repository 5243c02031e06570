// Reductions over axes other than the batch. Sums are kept in double precision and rounded once.

import { intOf, intsOf } from '../attributes.ts'
import type { OnnxNode } from '../model.ts'
import type { Kernel } from './kernel.ts'
import {
  axisWithin,
  type FloatValue,
  floatInput,
  intsInput,
  newFloats,
  shapeFault,
  sizeOf,
  type Value,
} from './value.ts'

type Reduction = {
  readonly start: number
  /** Folds each element into the result that it belongs to. */
  readonly fold: (from: Float32Array, targets: Int32Array, results: Float64Array) => void
  readonly average: boolean
}

const sum: Reduction['fold'] = (from, targets, results) => {
  for (let i = 0; i < from.length; i++) results[targets[i]!]! += from[i]!
}
const largest: Reduction['fold'] = (from, targets, results) => {
  for (let i = 0; i < from.length; i++) results[targets[i]!] = Math.max(results[targets[i]!]!, from[i]!)
}
const smallest: Reduction['fold'] = (from, targets, results) => {
  for (let i = 0; i < from.length; i++) results[targets[i]!] = Math.min(results[targets[i]!]!, from[i]!)
}

export const REDUCTIONS = {
  sum: { start: 0, fold: sum, average: false },
  mean: { start: 0, fold: sum, average: true },
  max: { start: Number.NEGATIVE_INFINITY, fold: largest, average: false },
  min: { start: Number.POSITIVE_INFINITY, fold: smallest, average: false },
} as const satisfies Record<string, Reduction>

/** Axes come as an input (ReduceSum since opset 13, all since 18) or as an attribute. */
function axesOf(node: OnnxNode, inputs: readonly (Value | undefined)[], input: FloatValue): ReadonlySet<number> {
  const given = inputs[1] === undefined ? intsOf(node, 'axes') : intsInput(node, inputs, 1).data
  if (given.length > 0) return new Set(given.map(axis => axisWithin(node, input, axis)))
  if (intOf(node, 'noop_with_empty_axes', 0) === 1) return new Set()
  if (input.batched) throw shapeFault(node, 'a reduction over the batch is not evaluated')
  return new Set(input.dims.keys())
}

export const reduce =
  ({ start, fold, average }: Reduction): Kernel =>
  (node, inputs) => {
    const input = floatInput(node, inputs, 0)
    const axes = axesOf(node, inputs, input)
    const kept = input.dims.map((dim, axis) => (axes.has(axis) ? 1 : dim))
    const dims = intOf(node, 'keepdims', 1) === 1 ? kept : input.dims.filter((_, axis) => !axes.has(axis))
    const output = newFloats(node, input.batched, dims)
    const from = input.data
    const to = output.data
    const targets = targetMap(input.dims, kept)
    const divisor = average ? from.length / to.length : 1
    const results = new Float64Array(to.length)
    return {
      outputs: [output],
      run: () => {
        results.fill(start)
        fold(from, targets, results)
        for (let i = 0; i < to.length; i++) to[i] = results[i]! / divisor
      },
    }
  }

/** The output element that each input element goes to. */
function targetMap(dims: readonly number[], kept: readonly number[]): Int32Array {
  const strides = kept.map((dim, axis) => (dim === 1 ? 0 : sizeOf(kept.slice(axis + 1))))
  const map = new Int32Array(sizeOf(dims))
  for (let at = 0; at < map.length; at++) {
    let rest = at
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      map[at]! += (rest % dims[axis]!) * strides[axis]!
      rest = Math.floor(rest / dims[axis]!)
    }
  }
  return map
}
