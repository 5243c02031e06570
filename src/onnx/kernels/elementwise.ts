// Operators that treat every element alike: inputs are brought to one shape first, then a single loop runs.

import { floatOf } from '../attributes.ts'
import type { OnnxNode } from '../model.ts'
import { broadcast } from './broadcast.ts'
import { type Compiled, type Kernel, nothingToRun } from './kernel.ts'
import { type BinaryLoop, same, type UnaryLoop } from './loops.ts'
import {
  type BoolValue,
  boolInput,
  checkedSize,
  type FloatValue,
  floatInput,
  newBools,
  newFloats,
  type Value,
} from './value.ts'

export const unary =
  (loop: UnaryLoop): Kernel =>
  (node, inputs) => {
    const { data, batched, dims } = floatInput(node, inputs, 0)
    const output = newFloats(node, batched, dims)
    const to = output.data
    return { outputs: [output], run: () => loop(data, to) }
  }

type Operand<T> = { readonly data: T; readonly refresh: () => void }

/** The value at the output's size: a constant is stretched once, another is copied before each run. */
function stretched<T extends Float32Array | Uint8Array>(
  { batched, data }: { readonly batched: boolean; readonly data: T },
  map: Int32Array | undefined,
): Operand<T> {
  if (map === undefined) return { data, refresh: nothingToRun }
  const copy = (data instanceof Float32Array ? new Float32Array(map.length) : new Uint8Array(map.length)) as T
  const refresh = (): void => {
    for (let i = 0; i < map.length; i++) copy[i] = data[map[i]!]!
  }
  refresh()
  return { data: copy, refresh: batched ? refresh : nothingToRun }
}

type Source<T> = Value & { readonly data: T }

function pairwise<In extends Float32Array | Uint8Array, Out extends FloatValue | BoolValue>(
  node: OnnxNode,
  values: readonly [Source<In>, Source<In>],
  loop: BinaryLoop<In, Out['data']>,
  make: (node: OnnxNode, batched: boolean, dims: readonly number[]) => Out,
): Compiled {
  const { batched, dims, maps } = broadcast(node, values)
  const output = make(node, batched, dims)
  const to = output.data
  const a = stretched<In>(values[0], maps[0])
  const b = stretched<In>(values[1], maps[1])
  return {
    outputs: [output],
    run: () => {
      a.refresh()
      b.refresh()
      loop(a.data, b.data, to)
    },
  }
}

export const binary =
  (loop: BinaryLoop<Float32Array, Float32Array>): Kernel =>
  (node, inputs) =>
    pairwise(node, [floatInput(node, inputs, 0), floatInput(node, inputs, 1)], loop, newFloats)

export const comparison =
  (loop: BinaryLoop<Float32Array, Uint8Array>): Kernel =>
  (node, inputs) =>
    pairwise(node, [floatInput(node, inputs, 0), floatInput(node, inputs, 1)], loop, newBools)

export const logical =
  (loop: BinaryLoop<Uint8Array, Uint8Array>): Kernel =>
  (node, inputs) =>
    pairwise(node, [boolInput(node, inputs, 0), boolInput(node, inputs, 1)], loop, newBools)

/** Equal also compares booleans. */
export const equal: Kernel = (node, inputs) =>
  inputs[0]?.type === 'bool' ? logical(same)(node, inputs) : comparison(same)(node, inputs)

export const not: Kernel = (node, inputs) => {
  const { data, batched, dims } = boolInput(node, inputs, 0)
  const output = newBools(node, batched, dims)
  const to = output.data
  return {
    outputs: [output],
    run: () => {
      for (let i = 0; i < to.length; i++) to[i] = 1 - data[i]!
    },
  }
}

/** Min, Max: any number of inputs, folded from the left. */
export const variadic =
  (loop: BinaryLoop<Float32Array, Float32Array>): Kernel =>
  (node, inputs) => {
    const values = inputs.map((_, index) => floatInput(node, inputs, index))
    const { batched, dims, maps } = broadcast(node, values)
    checkedSize(node, [values.length, ...dims])
    const output = newFloats(node, batched, dims)
    const to = output.data
    const operands = values.map((value, index) => stretched(value, maps[index]))
    return {
      outputs: [output],
      run: () => {
        for (let index = 0; index < operands.length; index++) {
          const { data, refresh } = operands[index]!
          refresh()
          if (index === 0) to.set(data)
          else loop(to, data, to)
        }
      },
    }
  }

export const where: Kernel = (node, inputs) => {
  const values = [boolInput(node, inputs, 0), floatInput(node, inputs, 1), floatInput(node, inputs, 2)] as const
  const { batched, dims, maps } = broadcast(node, values)
  const output = newFloats(node, batched, dims)
  const to = output.data
  const condition = stretched(values[0], maps[0])
  const yes = stretched(values[1], maps[1])
  const no = stretched(values[2], maps[2])
  return {
    outputs: [output],
    run: () => {
      condition.refresh()
      yes.refresh()
      no.refresh()
      for (let i = 0; i < to.length; i++) to[i] = condition.data[i] === 0 ? no.data[i]! : yes.data[i]!
    },
  }
}

export const leakyRelu: Kernel = (node, inputs) => {
  const alpha = floatOf(node, 'alpha', 0.01)
  return unary((x, to) => {
    for (let i = 0; i < to.length; i++) to[i] = x[i]! >= 0 ? x[i]! : alpha * x[i]!
  })(node, inputs)
}
