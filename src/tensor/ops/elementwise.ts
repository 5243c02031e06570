// Operations on one tensor, value by value. Each is its function, its slope from x and y = f(x), and its ONNX.

import { intAttr } from '../../onnx/build.ts'
import type { Emitter } from '../emitter.ts'
import { constant, operation, type Tensor } from '../tensor.ts'
import { add, div, mul, sub, where } from './arithmetic.ts'
import { erfOf } from './erf.ts'

type Slope = (x: Tensor, y: Tensor) => Tensor
type Onnx = string | ((emit: Emitter, x: string) => string)

function elementwise(
  op: string,
  x: Tensor,
  value: (x: number) => number,
  slope: Slope | undefined,
  onnx: Onnx,
): Tensor {
  return operation(op, x.shape, [x], {
    forward(output, [from]) {
      for (let i = 0; i < output.length; i++) output[i] = value(from![i]!)
    },
    ...(slope && { gradients: (gradient, output) => [mul(gradient, slope(x, output))] }),
    onnx: (emit, [from]) => (typeof onnx === 'string' ? emit.node(onnx, [from!]) : onnx(emit, from!)),
  })
}

const number = (value: number): Tensor => constant([], [value])

export const tanh = (x: Tensor): Tensor =>
  elementwise('tanh', x, Math.tanh, (_, y) => sub(number(1), mul(y, y)), 'Tanh')

/** The slope at 0 is 0. A choice passes the gradient on faster than a product with a mask does. */
export function relu(x: Tensor): Tensor {
  return operation('relu', x.shape, [x], {
    forward(output, [from]) {
      for (let i = 0; i < output.length; i++) {
        const value = from![i]!
        output[i] = value > 0 || Number.isNaN(value) ? value : 0
      }
    },
    gradients: (gradient, y) => [where(y, gradient, number(0))],
    onnx: (emit, inputs) => emit.node('Relu', inputs),
  })
}

/** -1, 0 or 1. Flat. */
export const sign = (x: Tensor): Tensor => elementwise('sign', x, Math.sign, undefined, 'Sign')

export const abs = (x: Tensor): Tensor => elementwise('abs', x, Math.abs, of => sign(of), 'Abs')

export const sigmoid = (x: Tensor): Tensor =>
  elementwise(
    'sigmoid',
    x,
    v => 1 / (1 + Math.exp(-v)),
    (_, y) => mul(y, sub(number(1), y)),
    'Sigmoid',
  )

/** ln(1 + e^x), without overflow for large x. */
export const softplus = (x: Tensor): Tensor =>
  elementwise(
    'softplus',
    x,
    v => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v))),
    of => sigmoid(of),
    'Softplus',
  )

export const exp = (x: Tensor): Tensor => elementwise('exp', x, Math.exp, (_, y) => y, 'Exp')

export const log = (x: Tensor): Tensor => elementwise('log', x, Math.log, of => div(number(1), of), 'Log')

export const sqrt = (x: Tensor): Tensor => elementwise('sqrt', x, Math.sqrt, (_, y) => div(number(0.5), y), 'Sqrt')

export const square = (x: Tensor): Tensor =>
  elementwise(
    'square',
    x,
    v => v * v,
    of => mul(number(2), of),
    (emit, from) => emit.node('Mul', [from, from]),
  )

/** The error function, 2/sqrt(pi) times the integral of e^(-t^2) from 0 to x. */
export const erf = (x: Tensor): Tensor =>
  elementwise('erf', x, erfOf, of => mul(number(2 / Math.sqrt(Math.PI)), exp(mul(number(-1), square(of)))), 'Erf')

/** Gaussian error linear unit, exact (Hendrycks and Gimpel 2016). */
export const gelu = (x: Tensor): Tensor => mul(mul(number(0.5), x), add(number(1), erf(mul(number(Math.SQRT1_2), x))))

/** Limits to low..high; no gradient passes where it limits. */
export const clip = (x: Tensor, low: number, high: number): Tensor =>
  elementwise(
    'clip',
    x,
    v => Math.min(high, Math.max(low, v)),
    of => within(of, low, high),
    (emit, from) => emit.node('Clip', [from, emit.floats([], [low]), emit.floats([], [high])]),
  )

/** 1 where low < x < high, else 0. Flat. */
const within = (x: Tensor, low: number, high: number): Tensor =>
  elementwise(
    'within',
    x,
    v => (v > low && v < high ? 1 : 0),
    undefined,
    (emit, from) => {
      const above = emit.node('Greater', [from, emit.floats([], [low])])
      const below = emit.node('Less', [from, emit.floats([], [high])])
      return emit.node('Cast', [emit.node('And', [above, below])], { to: intAttr(1) })
    },
  )
