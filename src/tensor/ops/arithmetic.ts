// Sums, differences, products, quotients, the smaller and the larger of two tensors, stretched by numpy's broadcasting rules.

import { intAttr } from '../../onnx/build.ts'
import { constant, operation, sameShape, type Tensor } from '../tensor.ts'
import { broadcastShape, lazily, sourceOf, sumTo } from './broadcast.ts'

type Pair = {
  readonly onnx: string
  readonly value: (a: number, b: number) => number
  /** The gradients before what was stretched is summed back. */
  readonly gradients?: (gradient: Tensor, left: Tensor, right: Tensor, output: Tensor) => readonly [Tensor, Tensor]
}

function arithmetic(op: string, left: Tensor, right: Tensor, { onnx, value, gradients }: Pair): Tensor {
  const shape = broadcastShape(op, left.shape, right.shape)
  const sources = lazily(() => [sourceOf(left.shape, shape), sourceOf(right.shape, shape)] as const)
  return operation(op, shape, [left, right], {
    forward(output, [a, b]) {
      const [fromLeft, fromRight] = sources()
      for (let i = 0; i < output.length; i++) output[i] = value(a![fromLeft[i]!]!, b![fromRight[i]!]!)
    },
    // A stretched value was used many times: its gradients add up.
    ...(gradients && {
      gradients(gradient, output) {
        const [toLeft, toRight] = gradients(gradient, left, right, output)
        return [sumTo(toLeft, left.shape), sumTo(toRight, right.shape)]
      },
    }),
    onnx: (emit, inputs) => emit.node(onnx, inputs),
  })
}

const isAll = (x: Tensor, value: number): boolean => x.kind === 'constant' && x.data.every(v => v === value)

export const add = (left: Tensor, right: Tensor): Tensor =>
  arithmetic('add', left, right, { onnx: 'Add', value: (a, b) => a + b, gradients: gradient => [gradient, gradient] })

export const sub = (left: Tensor, right: Tensor): Tensor =>
  arithmetic('sub', left, right, {
    onnx: 'Sub',
    value: (a, b) => a - b,
    gradients: gradient => [gradient, neg(gradient)],
  })

/** A factor that is 1 everywhere makes no node: the gradients of most losses begin with one. */
export function mul(left: Tensor, right: Tensor): Tensor {
  const shape = broadcastShape('mul', left.shape, right.shape)
  if (isAll(left, 1) && sameShape(shape, right.shape)) return right
  if (isAll(right, 1) && sameShape(shape, left.shape)) return left
  return arithmetic('mul', left, right, {
    onnx: 'Mul',
    value: (a, b) => a * b,
    gradients: (gradient, a, b) => [mul(gradient, b), mul(gradient, a)],
  })
}

export const div = (left: Tensor, right: Tensor): Tensor =>
  arithmetic('div', left, right, {
    onnx: 'Div',
    value: (a, b) => a / b,
    gradients: (gradient, _, b, output) => [div(gradient, b), neg(div(mul(gradient, output), b))],
  })

/** Of equal values the left one gets the gradient. */
export const minimum = (left: Tensor, right: Tensor): Tensor =>
  arithmetic('minimum', left, right, {
    onnx: 'Min',
    value: Math.min,
    gradients: (gradient, a, b) => [mul(gradient, atMost(a, b)), mul(gradient, greater(a, b))],
  })

/** Of equal values the left one gets the gradient. */
export const maximum = (left: Tensor, right: Tensor): Tensor =>
  arithmetic('maximum', left, right, {
    onnx: 'Max',
    value: Math.max,
    gradients: (gradient, a, b) => [mul(gradient, atMost(b, a)), mul(gradient, greater(b, a))],
  })

const comparison = (
  op: string,
  onnx: string,
  left: Tensor,
  right: Tensor,
  holds: (a: number, b: number) => boolean,
) => {
  const shape = broadcastShape(op, left.shape, right.shape)
  const sources = lazily(() => [sourceOf(left.shape, shape), sourceOf(right.shape, shape)] as const)
  return operation(op, shape, [left, right], {
    forward(output, [a, b]) {
      const [fromLeft, fromRight] = sources()
      for (let i = 0; i < output.length; i++) output[i] = holds(a![fromLeft[i]!]!, b![fromRight[i]!]!) ? 1 : 0
    },
    onnx: (emit, inputs) => emit.node('Cast', [emit.node(onnx, inputs)], { to: intAttr(1) }),
  })
}

/** 1 where left > right, else 0. Flat. */
export const greater = (left: Tensor, right: Tensor): Tensor =>
  comparison('greater', 'Greater', left, right, (a, b) => a > b)

/** 1 where left <= right, else 0. Flat. */
export const atMost = (left: Tensor, right: Tensor): Tensor =>
  comparison('atMost', 'LessOrEqual', left, right, (a, b) => a <= b)

export function neg(x: Tensor): Tensor {
  return operation('neg', x.shape, [x], {
    forward(output, [from]) {
      for (let i = 0; i < output.length; i++) output[i] = -from![i]!
    },
    gradients: gradient => [neg(gradient)],
    onnx: (emit, inputs) => emit.node('Neg', inputs),
  })
}

/** `yes` where the condition is not 0, `no` elsewhere, stretched to one shape. The condition gets no gradient. */
export function where(condition: Tensor, yes: Tensor, no: Tensor): Tensor {
  const parts = [condition, yes, no]
  const shape = parts.map(part => part.shape).reduce((all, own) => broadcastShape('where', all, own))
  const sources = lazily(() => parts.map(part => sourceOf(part.shape, shape)))
  return operation('where', shape, parts, {
    forward(output, [mask, a, b]) {
      const [fromMask, fromYes, fromNo] = sources()
      for (let i = 0; i < output.length; i++) {
        output[i] = mask![fromMask![i]!] === 0 ? b![fromNo![i]!]! : a![fromYes![i]!]!
      }
    },
    gradients(gradient) {
      const zero = constant([], [0])
      return [
        undefined,
        sumTo(where(condition, gradient, zero), yes.shape),
        sumTo(where(condition, zero, gradient), no.shape),
      ]
    },
    onnx: (emit, [mask, ...values]) => emit.node('Where', [emit.node('Cast', [mask!], { to: intAttr(9) }), ...values]),
  })
}
