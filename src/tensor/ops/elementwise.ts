// Operations on one tensor, value by value. Each is its function and its derivative, both from x and y = f(x).

import { operation, type Tensor } from '../tensor.ts'

type Scalar = (x: number) => number
type Slope = (x: number, y: number) => number

function elementwise(op: string, x: Tensor, value: Scalar, slope: Slope): Tensor {
  return operation(op, x.shape, [x], {
    forward(output, [from]) {
      for (let i = 0; i < output.length; i++) output[i] = value(from![i]!)
    },
    backward(gradient, [into], output, [from]) {
      if (into === undefined) return
      for (let i = 0; i < output.length; i++) into[i]! += gradient[i]! * slope(from![i]!, output[i]!)
    },
  })
}

export const tanh = (x: Tensor): Tensor => elementwise('tanh', x, Math.tanh, (_, y) => 1 - y * y)

/** The slope at 0 is 0. */
export const relu = (x: Tensor): Tensor =>
  elementwise(
    'relu',
    x,
    v => (v > 0 ? v : v === v ? 0 : v),
    v => (v > 0 ? 1 : 0),
  )

export const sigmoid = (x: Tensor): Tensor =>
  elementwise(
    'sigmoid',
    x,
    v => 1 / (1 + Math.exp(-v)),
    (_, y) => y * (1 - y),
  )

/** ln(1 + e^x), without overflow for large x. */
export const softplus = (x: Tensor): Tensor =>
  elementwise(
    'softplus',
    x,
    v => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v))),
    v => 1 / (1 + Math.exp(-v)),
  )

export const exp = (x: Tensor): Tensor => elementwise('exp', x, Math.exp, (_, y) => y)

export const log = (x: Tensor): Tensor => elementwise('log', x, Math.log, v => 1 / v)

export const square = (x: Tensor): Tensor =>
  elementwise(
    'square',
    x,
    v => v * v,
    v => 2 * v,
  )

/** Limits to low..high; no gradient passes where it limits. */
export const clip = (x: Tensor, low: number, high: number): Tensor =>
  elementwise(
    'clip',
    x,
    v => Math.min(high, Math.max(low, v)),
    v => (v > low && v < high ? 1 : 0),
  )
