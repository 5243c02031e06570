// Taking columns of a matrix and putting matrices side by side.

import { operation, shapeFault, type Tensor } from '../tensor.ts'

/**
 * The named columns of [n, m], in the given order; a column may be taken twice.
 *
 * @example
 * gatherColumns(input('x', [5, 3]), [2, 0]).shape // [5, 2]
 */
export function gatherColumns(x: Tensor, columns: readonly number[]): Tensor {
  const [n, m] = x.shape
  const width = columns.length
  if (x.shape.length !== 2 || n === undefined || m === undefined || width === 0) {
    throw shapeFault('gatherColumns', [x.shape], 'wants a matrix and at least one column')
  }
  const outside = columns.find(column => !(Number.isInteger(column) && column >= 0 && column < m))
  if (outside !== undefined) throw shapeFault('gatherColumns', [x.shape], `there is no column ${outside}`)
  return operation('gatherColumns', [n, width], [x], {
    forward(output, [from]) {
      for (let row = 0; row < n; row++) {
        for (let c = 0; c < width; c++) output[row * width + c] = from![row * m + columns[c]!]!
      }
    },
    backward(gradient, [into]) {
      if (into === undefined) return
      for (let row = 0; row < n; row++) {
        for (let c = 0; c < width; c++) into[row * m + columns[c]!]! += gradient[row * width + c]!
      }
    },
  })
}

/** Columns `from` up to but not including `to`. */
export function sliceColumns(x: Tensor, from: number, to: number): Tensor {
  return gatherColumns(
    x,
    Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i),
  )
}

/** Matrices of the same height side by side. */
export function concat(parts: readonly Tensor[]): Tensor {
  const shapes = parts.map(part => part.shape)
  const n = shapes[0]?.[0]
  if (n === undefined || shapes.some(shape => shape.length !== 2 || shape[0] !== n)) {
    throw shapeFault('concat', shapes, 'wants matrices of one height')
  }
  const widths = shapes.map(shape => shape[1]!)
  const total = widths.reduce((sum, width) => sum + width, 0)
  const starts = widths.map((_, i) => widths.slice(0, i).reduce((sum, width) => sum + width, 0))
  return operation('concat', [n, total], parts, {
    forward(output, inputs) {
      for (const [part, from] of inputs.entries()) {
        const width = widths[part]!
        for (let i = 0; i < n * width; i++)
          output[Math.floor(i / width) * total + starts[part]! + (i % width)] = from[i]!
      }
    },
    backward(gradient, inputGradients) {
      for (const [part, into] of inputGradients.entries()) {
        if (into === undefined) continue
        const width = widths[part]!
        for (let i = 0; i < n * width; i++)
          into[i]! += gradient[Math.floor(i / width) * total + starts[part]! + (i % width)]!
      }
    },
  })
}
