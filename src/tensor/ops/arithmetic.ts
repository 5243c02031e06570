// Sums, differences, products and quotients of two tensors, shapes stretched by numpy's broadcasting rules.

import { operation, type Shape, shapeFault, sizeOf, type Tensor } from '../tensor.ts'

/** The common shape: extents from the right must be equal or 1. */
function broadcastShape(op: string, left: Shape, right: Shape): Shape {
  const rank = Math.max(left.length, right.length)
  return Array.from({ length: rank }, (_, axis) => {
    const a = left[axis - rank + left.length] ?? 1
    const b = right[axis - rank + right.length] ?? 1
    if (a !== b && a !== 1 && b !== 1) throw shapeFault(op, [left, right], `${a} and ${b} do not broadcast`)
    return Math.max(a, b)
  })
}

/** For each place of the stretched shape, the place it comes from. */
function sourceOf(from: Shape, stretched: Shape): Int32Array {
  const map = new Int32Array(sizeOf(stretched))
  for (let place = 0; place < map.length; place++) {
    let rest = place
    let stride = 1
    for (let back = 1; back <= from.length; back++) {
      const extent = stretched[stretched.length - back]!
      const own = from[from.length - back]!
      if (own !== 1) map[place]! += (rest % extent) * stride
      rest = Math.floor(rest / extent)
      stride *= own
    }
  }
  return map
}

type Rule = {
  readonly value: (a: number, b: number) => number
  readonly slopeLeft: (a: number, b: number) => number
  readonly slopeRight: (a: number, b: number) => number
}

function arithmetic(op: string, left: Tensor, right: Tensor, { value, slopeLeft, slopeRight }: Rule): Tensor {
  const shape = broadcastShape(op, left.shape, right.shape)
  const fromLeft = sourceOf(left.shape, shape)
  const fromRight = sourceOf(right.shape, shape)
  return operation(op, shape, [left, right], {
    forward(output, [a, b]) {
      for (let i = 0; i < output.length; i++) output[i] = value(a![fromLeft[i]!]!, b![fromRight[i]!]!)
    },
    // A stretched value was used many times: its gradients add up.
    backward(gradient, [intoA, intoB], _, [a, b]) {
      for (let i = 0; i < gradient.length; i++) {
        const x = a![fromLeft[i]!]!
        const y = b![fromRight[i]!]!
        if (intoA !== undefined) intoA[fromLeft[i]!]! += gradient[i]! * slopeLeft(x, y)
        if (intoB !== undefined) intoB[fromRight[i]!]! += gradient[i]! * slopeRight(x, y)
      }
    },
  })
}

const ADD: Rule = { value: (a, b) => a + b, slopeLeft: () => 1, slopeRight: () => 1 }
const SUB: Rule = { value: (a, b) => a - b, slopeLeft: () => 1, slopeRight: () => -1 }
const MUL: Rule = { value: (a, b) => a * b, slopeLeft: (_, b) => b, slopeRight: a => a }
const DIV: Rule = { value: (a, b) => a / b, slopeLeft: (_, b) => 1 / b, slopeRight: (a, b) => -a / (b * b) }

export const add = (left: Tensor, right: Tensor): Tensor => arithmetic('add', left, right, ADD)
export const sub = (left: Tensor, right: Tensor): Tensor => arithmetic('sub', left, right, SUB)
export const mul = (left: Tensor, right: Tensor): Tensor => arithmetic('mul', left, right, MUL)
export const div = (left: Tensor, right: Tensor): Tensor => arithmetic('div', left, right, DIV)
