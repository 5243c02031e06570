// Layer normalisation (Ba, Kiros and Hinton 2016): each row to mean 0 and variance 1, then scaled and shifted.

import { constant, sameShape, shapeFault, type Tensor } from '../tensor.ts'
import { add, div, mul, sub } from './arithmetic.ts'
import { sumTo } from './broadcast.ts'
import { sqrt, square } from './elementwise.ts'
import { withGradient } from './with-gradient.ts'

const rowMean = (x: Tensor): Tensor => mul(sumTo(x, [...x.shape.slice(0, -1), 1]), constant([], [1 / x.shape.at(-1)!]))

/**
 * Over the last axis.
 *
 * @param scale of the last axis' extent, as `shift` is
 * @param epsilon added to the variance
 */
export function layerNorm(x: Tensor, scale: Tensor, shift: Tensor, epsilon = 1e-5): Tensor {
  const width = x.shape.at(-1)
  if (width === undefined || !sameShape(scale.shape, [width]) || !sameShape(shift.shape, [width])) {
    throw shapeFault('layerNorm', [x.shape, scale.shape, shift.shape], 'wants a scale and a shift of the last extent')
  }
  const centred = sub(x, rowMean(x))
  const deviation = sqrt(add(rowMean(square(centred)), constant([], [epsilon])))
  const unit = div(centred, deviation)
  // What moves all values of a row alike, or along the unit row, changes nothing: both are taken out of the gradient.
  const normal = withGradient(unit, [x], gradient => {
    const along = mul(unit, rowMean(mul(gradient, unit)))
    return [div(sub(sub(gradient, rowMean(gradient)), along), deviation)]
  })
  return add(mul(normal, scale), shift)
}
