// Shares of a whole along the last axis, and their logarithms.

import { intAttr } from '../../onnx/build.ts'
import { operation, type Rule, shapeFault, type Tensor } from '../tensor.ts'
import { mul, sub } from './arithmetic.ts'
import { sumTo } from './broadcast.ts'
import { exp } from './elementwise.ts'

type Share = (x: number, top: number, total: number) => number

function alongLast(
  op: string,
  onnx: string,
  x: Tensor,
  share: Share,
  gradients: NonNullable<Rule['gradients']>,
): Tensor {
  const extent = x.shape.at(-1)
  if (extent === undefined) throw shapeFault(op, [x.shape], 'wants at least one axis')
  return operation(op, x.shape, [x], {
    forward(output, [from]) {
      for (let at = 0; at < output.length; at += extent) {
        const row = from!.subarray(at, at + extent)
        const top = row.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
        const total = row.reduce((sum, value) => sum + Math.exp(value - top), 0)
        for (let i = 0; i < extent; i++) output[at + i] = share(row[i]!, top, total)
      }
    },
    gradients,
    onnx: (emit, [from]) => emit.node(onnx, [from!], { axis: intAttr(-1) }),
  })
}

const rowSum = (values: Tensor): Tensor => sumTo(values, [...values.shape.slice(0, -1), 1])

/** e^x over the sum of e^x along the last axis. */
export const softmax = (x: Tensor): Tensor =>
  alongLast(
    'softmax',
    'Softmax',
    x,
    (value, top, total) => Math.exp(value - top) / total,
    (gradient, y) => {
      const weighted = mul(gradient, y)
      return [sub(weighted, mul(y, rowSum(weighted)))]
    },
  )

/** ln(softmax(x)) without the loss of digits. */
export const logSoftmax = (x: Tensor): Tensor =>
  alongLast(
    'logSoftmax',
    'LogSoftmax',
    x,
    (value, top, total) => value - top - Math.log(total),
    (gradient, y) => [sub(gradient, mul(exp(y), rowSum(gradient)))],
  )
