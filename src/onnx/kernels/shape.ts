// Operators that move or rename elements and compute nothing: views share the array, the others copy by an index map made once.

import { intOf, intsOf } from '../attributes.ts'
import type { OnnxNode } from '../model.ts'
import { type Compiled, type Kernel, nothingToRun } from './kernel.ts'
import { timeSqueezed, timeTransposed, timeUnsqueezed } from './recurrent.ts'
import { axisWithin, checkedSize, floatInput, intsInput, newFloats, shapeFault, sizeOf, type Value } from './value.ts'

export const identity: Kernel = (node, inputs) => ({ outputs: [floatInput(node, inputs, 0)], run: nothingToRun })

const view = (node: OnnxNode, inputs: readonly (Value | undefined)[], dims: readonly number[]): Compiled => {
  const input = floatInput(node, inputs, 0)
  checkedSize(node, dims)
  return { outputs: [{ ...input, dims }], run: nothingToRun }
}

/** The batch axis must be kept by a leading 0 or -1. */
export const reshape: Kernel = (node, inputs) => {
  const input = floatInput(node, inputs, 0)
  const wanted = intsInput(node, inputs, 1).data
  if (intOf(node, 'allowzero', 0) !== 0) throw shapeFault(node, 'allowzero is not evaluated')
  const [first, ...rest] = wanted
  if (!input.batched) return view(node, inputs, filledIn(node, wanted, input.dims))
  if (first !== 0 && first !== -1) throw shapeFault(node, `shape [${wanted.join(', ')}] does not keep the batch`)
  if (first === -1 && rest.includes(-1)) throw shapeFault(node, 'two dimensions are left open')
  return view(node, inputs, filledIn(node, rest, input.dims))
}

function filledIn(node: OnnxNode, wanted: readonly number[], old: readonly number[]): readonly number[] {
  const copied = wanted.map((dim, axis) => (dim === 0 ? (old[axis] ?? 0) : dim))
  const known = copied.filter(dim => dim !== -1).reduce((product, dim) => product * dim, 1)
  const open = copied.filter(dim => dim === -1).length
  const dims = copied.map(dim => (dim === -1 ? sizeOf(old) / known : dim))
  if (open > 1 || dims.some(dim => !Number.isInteger(dim) || dim < 0) || sizeOf(dims) !== sizeOf(old)) {
    throw shapeFault(node, `[${old.join(', ')}] cannot be read as [${wanted.join(', ')}]`)
  }
  return dims
}

export const flatten: Kernel = (node, inputs) => {
  const input = floatInput(node, inputs, 0)
  if (!input.batched || intOf(node, 'axis', 1) !== 1) throw shapeFault(node, 'only axis 1 of a batch is flattened')
  return view(node, inputs, [sizeOf(input.dims)])
}

export const squeeze: Kernel = (node, inputs) => {
  const untimed = timeSqueezed(node, inputs)
  if (untimed !== undefined) return untimed
  const input = floatInput(node, inputs, 0)
  if (inputs[1] === undefined) throw shapeFault(node, 'Squeeze without axes may drop the batch')
  const axes = new Set(intsInput(node, inputs, 1).data.map(axis => axisWithin(node, input, axis)))
  if ([...axes].some(axis => input.dims[axis] !== 1)) throw shapeFault(node, 'a squeezed dimension is not 1')
  return view(
    node,
    inputs,
    input.dims.filter((_, axis) => !axes.has(axis)),
  )
}

export const unsqueeze: Kernel = (node, inputs) => {
  const timed = timeUnsqueezed(node, inputs)
  if (timed !== undefined) return timed
  const input = floatInput(node, inputs, 0)
  const given = intsInput(node, inputs, 1).data
  checkedSize(node, [...input.dims, ...given.map(() => 1)])
  const dims = Array<number>(input.dims.length + given.length).fill(-1)
  for (const axis of given) dims[axisWithin(node, { batched: input.batched, dims }, axis)] = 1
  const rest = [...input.dims]
  const filled = dims.map(dim => (dim === 1 ? 1 : (rest.shift() ?? 0)))
  if (rest.length > 0 || sizeOf(filled) !== sizeOf(input.dims)) throw shapeFault(node, 'an axis is given twice')
  return view(node, inputs, filled)
}

/** `map[i]` is the input element that becomes output element i. */
function copied(
  node: OnnxNode,
  inputs: readonly (Value | undefined)[],
  dims: readonly number[],
  map: Int32Array,
): Compiled {
  const input = floatInput(node, inputs, 0)
  const output = newFloats(node, input.batched, dims)
  const [from, to] = [input.data, output.data]
  return {
    outputs: [output],
    run: () => {
      for (let i = 0; i < to.length; i++) to[i] = from[map[i]!]!
    },
  }
}

/** Elements along one axis, picked by position. */
function picked(dims: readonly number[], axis: number, positions: readonly number[]): Int32Array {
  const outer = sizeOf(dims.slice(0, axis))
  const inner = sizeOf(dims.slice(axis + 1))
  const map = new Int32Array(outer * positions.length * inner)
  let at = 0
  for (let o = 0; o < outer; o++) {
    for (const position of positions) {
      for (let i = 0; i < inner; i++) map[at++] = (o * dims[axis]! + position) * inner + i
    }
  }
  return map
}

export const gather: Kernel = (node, inputs) => {
  const { dims, batched } = floatInput(node, inputs, 0)
  const axis = axisWithin(node, { dims, batched }, intOf(node, 'axis', 0))
  const indices = intsInput(node, inputs, 1)
  const length = dims[axis]!
  const positions = indices.data.map(index => (index < 0 ? index + length : index))
  const outside = positions.findIndex(position => position < 0 || position >= length)
  if (outside >= 0) throw shapeFault(node, `index ${indices.data[outside]} is outside ${length} elements`)
  const made = [...dims.slice(0, axis), ...indices.dims, ...dims.slice(axis + 1)]
  checkedSize(node, made)
  return copied(node, inputs, made, picked(dims, axis, positions))
}

export const slice: Kernel = (node, inputs) => {
  const input = floatInput(node, inputs, 0)
  const starts = intsInput(node, inputs, 1).data
  const ends = intsInput(node, inputs, 2).data
  const axes = inputs[3] === undefined ? starts.map((_, index) => index) : intsInput(node, inputs, 3).data
  const steps = inputs[4] === undefined ? starts.map(() => 1) : intsInput(node, inputs, 4).data
  if (starts.length !== 1) throw shapeFault(node, 'Slice is evaluated along one axis')
  const axis = axisWithin(node, input, axes[0]!)
  const positions = range(input.dims[axis]!, starts[0]!, ends[0] ?? 0, steps[0] ?? 1)
  if (positions === undefined) throw shapeFault(node, 'a step of 0')
  const dims = input.dims.map((dim, index) => (index === axis ? positions.length : dim))
  return copied(node, inputs, dims, picked(input.dims, axis, positions))
}

/** Negative starts and ends count from the end; both are clamped to the axis (ONNX, Slice-13). */
function range(length: number, start: number, end: number, step: number): readonly number[] | undefined {
  if (step === 0) return undefined
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1]
  const clamp = (value: number): number => Math.min(Math.max(value < 0 ? value + length : value, low), high)
  const last = clamp(end)
  const positions: number[] = []
  for (let at = clamp(start); step > 0 ? at < last : at > last; at += step) positions.push(at)
  return positions
}

export const transpose: Kernel = (node, inputs) => {
  const swapped = timeTransposed(node, inputs)
  if (swapped !== undefined) return swapped
  const { dims, batched } = floatInput(node, inputs, 0)
  const given = intsOf(node, 'perm')
  const rank = dims.length + (batched ? 1 : 0)
  const perm = given.length > 0 ? given : Array.from({ length: rank }, (_, axis) => rank - 1 - axis)
  if (batched && perm[0] !== 0) throw shapeFault(node, 'a permutation that moves the batch is not evaluated')
  const order = (batched ? perm.slice(1) : perm).map(axis => axisWithin(node, { dims, batched }, axis))
  if (new Set(order).size !== dims.length) throw shapeFault(node, `perm [${perm.join(', ')}] is no permutation`)
  const made = order.map(axis => dims[axis]!)
  const map = Int32Array.from({ length: sizeOf(dims) }, (_, at) => {
    let rest = at
    let from = 0
    for (let axis = made.length - 1; axis >= 0; axis--) {
      from += (rest % made[axis]!) * sizeOf(dims.slice(order[axis]! + 1))
      rest = Math.floor(rest / made[axis]!)
    }
    return from
  })
  return copied(node, inputs, made, map)
}

export const concat: Kernel = (node, inputs) => {
  const parts = inputs.map((_, index) => floatInput(node, inputs, index))
  const [first] = parts
  if (first === undefined) throw shapeFault(node, 'Concat of nothing')
  const axis = axisWithin(node, first, intOf(node, 'axis', 0))
  const fits = parts.every(
    ({ batched, dims }) =>
      batched === first.batched &&
      dims.length === first.dims.length &&
      dims.every((dim, index) => index === axis || dim === first.dims[index]),
  )
  if (!fits) throw shapeFault(node, 'the parts do not fit together')
  const length = parts.reduce((sum, part) => sum + part.dims[axis]!, 0)
  const output = newFloats(
    node,
    first.batched,
    first.dims.map((dim, index) => (index === axis ? length : dim)),
  )
  const inner = sizeOf(first.dims.slice(axis + 1))
  const outer = sizeOf(first.dims.slice(0, axis))
  const to = output.data
  return {
    outputs: [output],
    run: () => {
      let at = 0
      for (let o = 0; o < outer; o++) {
        for (const { data, dims } of parts) {
          const width = dims[axis]! * inner
          for (let i = 0; i < width; i++) to[at++] = data[o * width + i]!
        }
      }
    },
  }
}
