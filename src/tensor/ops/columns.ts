// Taking columns of a matrix.

import { intAttr } from '../../onnx/build.ts'
import { constant, operation, shapeFault, type Tensor } from '../tensor.ts'
import { matmul } from './matmul.ts'
import { slice } from './slice.ts'

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
    gradients(gradient) {
      const origin = Array.from({ length: width * m }, (_, place) =>
        columns[Math.floor(place / m)] === place % m ? 1 : 0,
      )
      return [matmul(gradient, constant([width, m], origin))]
    },
    onnx: (emit, [from]) => emit.node('Gather', [from!, emit.integers([width], columns)], { axis: intAttr(1) }),
  })
}

/** Columns `from` up to but not including `to`. */
export const sliceColumns = (x: Tensor, from: number, to: number): Tensor => slice(x, 1, from, to)
