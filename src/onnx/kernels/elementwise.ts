// Operators that treat every element alike: one function each, the loops are shared. The float32 arrays round every result.

import { floatOf } from '../attributes.ts'
import type { OnnxNode } from '../model.ts'
import { broadcast } from './broadcast.ts'
import type { Compiled, Kernel } from './kernel.ts'
import {
  type BoolValue,
  boolInput,
  type FloatValue,
  floatInput,
  newBools,
  newFloats,
  shapeFault,
  type Value,
} from './value.ts'

type Unary = (x: number) => number
type Binary = (a: number, b: number) => number

/** `of` sees the node, for operators whose function has parameters. */
export const unary =
  (of: (node: OnnxNode) => Unary): Kernel =>
  (node, inputs) => {
    const f = of(node)
    const { data: from, batched, dims } = floatInput(node, inputs, 0)
    const output = newFloats(node, batched, dims)
    const to = output.data
    return {
      outputs: [output],
      run: () => {
        for (let i = 0; i < to.length; i++) to[i] = f(from[i]!)
      },
    }
  }

/** Two inputs, broadcast; the output's type is that of the array that `make` gives. */
function pairwise(node: OnnxNode, a: Value, b: Value, f: Binary, make: typeof newFloats | typeof newBools): Compiled {
  if (a.type === 'int64' || b.type === 'int64') throw shapeFault(node, 'arithmetic on integers is not evaluated')
  const { batched, dims, maps } = broadcast(node, [a, b])
  const output = make(node, batched, dims)
  const to: Float32Array | Uint8Array = output.data
  const [left, right, mapA, mapB] = [a.data, b.data, maps[0], maps[1]] as const
  if (mapA === undefined && mapB === undefined) {
    return {
      outputs: [output],
      run: () => {
        for (let i = 0; i < to.length; i++) to[i] = f(left[i]!, right[i]!)
      },
    }
  }
  const indexA = mapA ?? Int32Array.from(to, (_, i) => i)
  const indexB = mapB ?? Int32Array.from(to, (_, i) => i)
  return {
    outputs: [output],
    run: () => {
      for (let i = 0; i < to.length; i++) to[i] = f(left[indexA[i]!]!, right[indexB[i]!]!)
    },
  }
}

export const binary =
  (f: Binary): Kernel =>
  (node, inputs) =>
    pairwise(node, floatInput(node, inputs, 0), floatInput(node, inputs, 1), f, newFloats)

export const comparison =
  (f: (a: number, b: number) => boolean): Kernel =>
  (node, inputs) =>
    pairwise(node, floatInput(node, inputs, 0), floatInput(node, inputs, 1), (a, b) => (f(a, b) ? 1 : 0), newBools)

export const logical =
  (f: Binary): Kernel =>
  (node, inputs) =>
    pairwise(node, boolInput(node, inputs, 0), boolInput(node, inputs, 1), f, newBools)

/** Equal also compares booleans. */
export const equal: Kernel = (node, inputs) => {
  const of = inputs[0]?.type === 'bool' ? boolInput : floatInput
  return pairwise(node, of(node, inputs, 0), of(node, inputs, 1), (a, b) => (a === b ? 1 : 0), newBools)
}

export const not: Kernel = (node, inputs) => {
  const { data: from, batched, dims } = boolInput(node, inputs, 0)
  const output = newBools(node, batched, dims)
  const to = output.data
  return {
    outputs: [output],
    run: () => {
      for (let i = 0; i < to.length; i++) to[i] = 1 - from[i]!
    },
  }
}

/** Min, Max: any number of inputs, folded from the left. */
export const variadic =
  (f: Binary): Kernel =>
  (node, inputs) => {
    const first = floatInput(node, inputs, 0)
    if (inputs.length === 1) return { outputs: [first], run: () => {} }
    const steps: Compiled[] = []
    let sofar: FloatValue | BoolValue = first
    for (let index = 1; index < inputs.length; index++) {
      const step = pairwise(node, sofar, floatInput(node, inputs, index), f, newFloats)
      steps.push(step)
      sofar = step.outputs[0] as FloatValue
    }
    return {
      outputs: [sofar],
      run: () => {
        for (const step of steps) step.run()
      },
    }
  }

export const where: Kernel = (node, inputs) => {
  const [condition, yes, no] = [boolInput(node, inputs, 0), floatInput(node, inputs, 1), floatInput(node, inputs, 2)]
  const { batched, dims, maps } = broadcast(node, [condition, yes, no])
  const output = newFloats(node, batched, dims)
  const to = output.data
  const [mapC, mapY, mapN] = maps.map(map => map ?? Int32Array.from(to, (_, i) => i)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ]
  return {
    outputs: [output],
    run: () => {
      for (let i = 0; i < to.length; i++) {
        to[i] = condition.data[mapC[i]!] === 0 ? no.data[mapN[i]!]! : yes.data[mapY[i]!]!
      }
    },
  }
}

export const leakyRelu = unary(node => {
  const alpha = floatOf(node, 'alpha', 0.01)
  return x => (x >= 0 ? x : alpha * x)
})
