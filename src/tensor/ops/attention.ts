// Scaled dot-product attention (Vaswani et al. 2017, equation 1).

import { constant, shapeFault, type Tensor } from '../tensor.ts'
import { add, mul } from './arithmetic.ts'
import { matmul } from './matmul.ts'
import { softmax } from './softmax.ts'

/**
 * softmax(queries keys^T / sqrt(width)) values, for each of the leading extents (batch, heads).
 *
 * @param queries [..., times, width]
 * @param keys [..., others, width]
 * @param values [..., others, any width]
 * @param mask added to the scores: [times, others], 0 where a time may look and a large negative number where it may not
 */
export function attention(queries: Tensor, keys: Tensor, values: Tensor, mask?: Tensor): Tensor {
  const width = queries.shape.at(-1)
  if (width === undefined)
    throw shapeFault('attention', [queries.shape, keys.shape, values.shape], 'wants times and a width')
  const scores = mul(matmul(queries, keys, { right: true }), constant([], [1 / Math.sqrt(width)]))
  return matmul(softmax(mask === undefined ? scores : add(scores, mask)), values)
}

/** A mask by which no time looks at a later one. */
export function causalMask(times: number): Tensor {
  const mask = Array.from({ length: times * times }, (_, place) =>
    place % times > Math.floor(place / times) ? -1e9 : 0,
  )
  return constant([times, times], mask)
}
