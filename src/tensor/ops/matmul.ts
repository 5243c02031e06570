// Matrix products, plain or of stacks of matrices, either side transposed; and a layer's product with its bias.

import { intAttr, intsAttr } from '../../onnx/build.ts'
import type { Emitter } from '../emitter.ts'
import { operation, type Shape, sameShape, shapeFault, sizeOf, type Tensor } from '../tensor.ts'
import { sumTo } from './broadcast.ts'

export type Transposed = {
  /** Whether the left matrices are read as their transposes. */
  readonly left?: boolean
  readonly right?: boolean
}

type Extents = { readonly stack: number; readonly n: number; readonly k: number; readonly m: number }

/** Adds the product to `output`. */
function multiply(
  output: Float64Array,
  a: Float64Array,
  b: Float64Array,
  { stack, n, k, m }: Extents,
  { left = false, right = false }: Transposed,
): void {
  const [row, along] = left ? [1, n] : [k, 1]
  for (let s = 0; s < stack; s++) {
    const [atA, atB, at] = [s * n * k, s * k * m, s * n * m]
    for (let i = 0; i < n; i++) {
      if (right) {
        for (let j = 0; j < m; j++) {
          let sum = 0
          for (let p = 0; p < k; p++) sum += a[atA + i * row + p * along]! * b[atB + j * k + p]!
          output[at + i * m + j]! += sum
        }
      } else {
        for (let p = 0; p < k; p++) {
          const factor = a[atA + i * row + p * along]!
          for (let j = 0; j < m; j++) output[at + i * m + j]! += factor * b[atB + p * m + j]!
        }
      }
    }
  }
}

const swapped = (shape: Shape, swap: boolean | undefined): Shape =>
  swap === true ? [...shape.slice(0, -2), ...shape.slice(-2).toReversed()] : shape

/**
 * The product of [..., n, k] and [..., k, m], all leading extents equal.
 *
 * @example
 * matmul(input('x', [256, 10]), parameter('w', [10, 16])).shape // [256, 16]
 */
export function matmul(left: Tensor, right: Tensor, transposed: Transposed = {}): Tensor {
  const [a, b] = [swapped(left.shape, transposed.left), swapped(right.shape, transposed.right)]
  const stackShape = a.slice(0, -2)
  const [n, k] = a.slice(-2)
  const [inner, m] = b.slice(-2)
  if (n === undefined || k === undefined || m === undefined || k !== inner || !sameShape(stackShape, b.slice(0, -2))) {
    throw shapeFault('matmul', [left.shape, right.shape], 'wants [n, k] and [k, m]')
  }
  const extents = { stack: sizeOf(stackShape), n, k, m }
  return operation('matmul', [...stackShape, n, m], [left, right], {
    forward(output, [x, y]) {
      output.fill(0)
      multiply(output, x!, y!, extents, transposed)
    },
    gradients(gradient) {
      const { left: flippedLeft = false, right: flippedRight = false } = transposed
      return [
        flippedLeft
          ? matmul(right, gradient, { left: flippedRight, right: true })
          : matmul(gradient, right, { right: !flippedRight }),
        flippedRight
          ? matmul(gradient, left, { left: true, right: flippedLeft })
          : matmul(left, gradient, { left: !flippedLeft }),
      ]
    },
    onnx(emit, [x, y]) {
      if (stackShape.length === 0) return emit.node('Gemm', [x!, y!], flips(transposed))
      const turn = (name: string, turned: boolean | undefined): string =>
        turned === true ? swapLast(emit, name, stackShape.length) : name
      return emit.node('MatMul', [turn(x!, transposed.left), turn(y!, transposed.right)])
    },
  })
}

const flips = ({ left, right }: Transposed) => ({
  ...(left && { transA: intAttr(1) }),
  ...(right && { transB: intAttr(1) }),
})

function swapLast(emit: Emitter, name: string, leading: number): string {
  const order = Array.from({ length: leading }, (_, axis) => axis)
  return emit.node('Transpose', [name], { perm: intsAttr([...order, leading + 1, leading]) })
}

/**
 * A layer: the product of the matrices `x` [n, k] and `weights` [k, m] plus `bias`, which is [m] or [n, m].
 *
 * @example
 * linear(input('x', [64, 17]), parameter('w0', [17, 32]), parameter('b0', [32])).shape // [64, 32]
 */
export function linear(x: Tensor, weights: Tensor, bias: Tensor, transposed: Transposed = {}): Tensor {
  const product = matmul(x, weights, transposed)
  const [n, m] = product.shape
  const fits = sameShape(bias.shape, [m!]) || sameShape(bias.shape, product.shape)
  if (product.kind !== 'operation' || product.shape.length !== 2 || !fits) {
    throw shapeFault('linear', [x.shape, weights.shape, bias.shape], 'wants [n, k], [k, m] and [m]')
  }
  return operation('linear', product.shape, [x, weights, bias], {
    forward(output, [a, b, shift]) {
      product.rule.forward(output, [a!, b!])
      const width = shift!.length
      for (let i = 0; i < n! * m!; i++) output[i]! += shift![i % width]!
    },
    gradients: gradient => [...product.rule.gradients!(gradient, product), sumTo(gradient, bias.shape)],
    onnx: (emit, inputs) => emit.node('Gemm', inputs, flips(transposed)),
  })
}
