// Looking up rows by number, and places of a tensor by a fixed list. Numbers are whole values of a tensor, as columns of data hold them.

import { Fault } from '../../base/fault.ts'
import { intAttr } from '../../onnx/build.ts'
import type { Emitter } from '../emitter.ts'
import { operation, type Shape, shapeFault, sizeOf, type Tensor } from '../tensor.ts'
import { reshape } from './reshape.ts'

const asIndices = (emit: Emitter, name: string): string => emit.node('Cast', [name], { to: intAttr(7) })

/**
 * The rows of `table` [rows, ...] that the numbers in `indices` name; the numbers get no gradient.
 *
 * @example
 * gather(parameter('table', [10, 4]), input('codes', [32])).shape // [32, 4]
 */
export function gather(table: Tensor, indices: Tensor): Tensor {
  const [rows, ...rest] = table.shape
  if (rows === undefined) throw shapeFault('gather', [table.shape], 'wants rows')
  const width = sizeOf(rest)
  return operation('gather', [...indices.shape, ...rest], [table, indices], {
    forward(output, [from, places]) {
      for (const [i, row] of places!.entries()) {
        if (!(Number.isInteger(row) && row >= 0 && row < rows)) {
          throw new Fault('TENSOR_FEED', `gather takes from rows 0 to ${rows - 1}: there is no row ${row}`)
        }
        output.set(from!.subarray(row * width, (row + 1) * width), i * width)
      }
    },
    gradients: gradient => [addedRows(gradient, indices, table.shape), undefined],
    onnx: (emit, [from, places]) => emit.node('Gather', [from!, asIndices(emit, places!)]),
  })
}

/** A table by another name: one row of numbers for each code (Bengio et al. 2003). */
export const embedding = (codes: Tensor, table: Tensor): Tensor => gather(table, codes)

/** Rows added up by number into a tensor of zeros: the gradient of `gather`. */
function addedRows(rows: Tensor, indices: Tensor, shape: Shape): Tensor {
  const width = sizeOf(shape.slice(1))
  const count = sizeOf(indices.shape)
  return operation('addedRows', shape, [rows, indices], {
    forward(output, [from, places]) {
      output.fill(0)
      for (let i = 0; i < count; i++) {
        for (let j = 0; j < width; j++) output[places![i]! * width + j]! += from![i * width + j]!
      }
    },
    // A product with the one-hot codes instead of a scatter: it runs on every device, and sums in one order.
    onnx(emit, [from, places]) {
      const flat = emit.node('Reshape', [asIndices(emit, places!), emit.integers([1], [count])])
      const hot = emit.node('OneHot', [flat, emit.integers([], [shape[0]!]), emit.floats([2], [0, 1])])
      const laid = emit.node('Reshape', [from!, emit.integers([2], [count, width])])
      const summed = emit.node('Gemm', [hot, laid], { transA: intAttr(1) })
      return emit.node('Reshape', [summed, emit.integers([shape.length], shape)])
    },
  })
}

/** 1 at each number's place along a new last axis, 0 elsewhere. Flat. */
export function oneHot(indices: Tensor, classes: number): Tensor {
  return operation('oneHot', [...indices.shape, classes], [indices], {
    forward(output, [places]) {
      output.fill(0)
      for (let i = 0; i < places!.length; i++) output[i * classes + places![i]!] = 1
    },
    onnx: (emit, [places]) =>
      emit.node('OneHot', [asIndices(emit, places!), emit.integers([], [classes]), emit.floats([2], [0, 1])]),
  })
}

/**
 * The values at fixed places of `x`, read as one row; a place may be taken many times, and -1 is a 0. Windows of a convolution are
 * taken this way.
 */
export function take(x: Tensor, places: Int32Array, shape: Shape): Tensor {
  const size = sizeOf(x.shape)
  if (sizeOf(shape) !== places.length || places.some(place => place < -1 || place >= size)) {
    throw shapeFault('take', [x.shape, shape], `wants as many places as the shape holds, each below ${size}`)
  }
  return operation('take', shape, [x], {
    forward(output, [from]) {
      for (let i = 0; i < output.length; i++) output[i] = places[i] === -1 ? 0 : from![places[i]!]!
    },
    gradients: gradient => [putBack(gradient, places, x.shape)],
    onnx(emit, [from]) {
      const flat = emit.node('Reshape', [from!, emit.integers([1], [size])])
      // One 0 more at the end, for the places that are outside.
      const padded = emit.node('Concat', [flat, emit.floats([1], [0])], { axis: intAttr(0) })
      return emit.node('Gather', [
        padded,
        emit.integers(
          shape,
          places.map(place => (place === -1 ? size : place)),
        ),
      ])
    },
  })
}

/** Values added up at fixed places: the gradient of `take`. Each place gathers what came from it, in order. */
function putBack(x: Tensor, places: Int32Array, shape: Shape): Tensor {
  const size = sizeOf(shape)
  return operation('putBack', shape, [x], {
    forward(output, [from]) {
      output.fill(0)
      for (let i = 0; i < places.length; i++) if (places[i] !== -1) output[places[i]!]! += from![i]!
    },
    gradients: gradient => [reshape(take(gradient, places, x.shape), x.shape)],
    onnx(emit, [from]) {
      const users: number[][] = Array.from({ length: size }, () => [])
      for (const [i, place] of places.entries()) if (place !== -1) users[place]!.push(i)
      const most = users.reduce((most, list) => Math.max(most, list.length), 1)
      const table = users.flatMap(list => [...list, ...Array<number>(most - list.length).fill(places.length)])
      const flat = emit.node('Reshape', [from!, emit.integers([1], [places.length])])
      const padded = emit.node('Concat', [flat, emit.floats([1], [0])], { axis: intAttr(0) })
      const gathered = emit.node('Gather', [padded, emit.integers([size, most], table)])
      const summed = emit.node('ReduceSum', [gathered, emit.integers([1], [1])], { keepdims: intAttr(0) })
      return emit.node('Reshape', [summed, emit.integers([shape.length], shape)])
    },
  })
}
