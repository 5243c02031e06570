// Convolutions over one or two axes (cross-correlations, as every library has them): windows laid out as rows, times the weights.

import { shapeFault, sizeOf, type Tensor } from '../tensor.ts'
import { linear } from './matmul.ts'
import { reshape, transpose } from './reshape.ts'
import { type Sliding, windows } from './windows.ts'

function conv(op: string, x: Tensor, weights: Tensor, bias: Tensor, axes: number, sliding: Sliding): Tensor {
  const [filters, channels, ...kernel] = weights.shape
  if (filters === undefined || kernel.length !== axes || channels !== x.shape[1]) {
    throw shapeFault(
      op,
      [x.shape, weights.shape],
      'wants [batch, channels, ...space] and [filters, channels, ...window]',
    )
  }
  const { values, places } = windows(op, x, kernel, sliding)
  const width = sizeOf(weights.shape.slice(1))
  const rows = reshape(values, [sizeOf(values.shape) / width, width])
  const made = linear(rows, reshape(weights, [filters, width]), bias, { right: true })
  const space = places.map((_, axis) => axis + 1)
  return transpose(reshape(made, [x.shape[0]!, ...places, filters]), [0, axes + 1, ...space])
}

/**
 * @param x [batch, channels, length]
 * @param weights [filters, channels, window]
 * @param bias [filters]
 * @returns [batch, filters, places]
 */
export const conv1d = (x: Tensor, weights: Tensor, bias: Tensor, sliding: Sliding = {}): Tensor =>
  conv('conv1d', x, weights, bias, 1, sliding)

/**
 * @param x [batch, channels, height, width]
 * @param weights [filters, channels, window height, window width]
 */
export const conv2d = (x: Tensor, weights: Tensor, bias: Tensor, sliding: Sliding = {}): Tensor =>
  conv('conv2d', x, weights, bias, 2, sliding)
