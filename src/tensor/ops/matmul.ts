// Matrix product of [n, k] and [k, m].

import { operation, shapeFault, type Tensor } from '../tensor.ts'

/**
 * @example
 * matmul(input('x', [256, 10]), parameter('w', [10, 16])).shape // [256, 16]
 */
export function matmul(left: Tensor, right: Tensor): Tensor {
  const [n, k] = left.shape
  const [inner, m] = right.shape
  if (left.shape.length !== 2 || right.shape.length !== 2 || n === undefined || m === undefined || k !== inner) {
    throw shapeFault('matmul', [left.shape, right.shape], 'wants [n, k] and [k, m]')
  }
  const depth = k!
  return operation('matmul', [n, m], [left, right], {
    forward(output, [a, b]) {
      output.fill(0)
      for (let i = 0; i < n; i++) {
        for (let p = 0; p < depth; p++) {
          const factor = a![i * depth + p]!
          for (let j = 0; j < m; j++) output[i * m + j]! += factor * b![p * m + j]!
        }
      }
    },
    backward(gradient, [intoA, intoB], _, [a, b]) {
      for (let i = 0; i < n; i++) {
        for (let p = 0; p < depth; p++) {
          if (intoA !== undefined) {
            let sum = 0
            for (let j = 0; j < m; j++) sum += gradient[i * m + j]! * b![p * m + j]!
            intoA[i * depth + p]! += sum
          }
          if (intoB !== undefined) {
            const factor = a![i * depth + p]!
            for (let j = 0; j < m; j++) intoB[p * m + j]! += factor * gradient[i * m + j]!
          }
        }
      }
    },
  })
}
