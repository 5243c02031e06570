// Gated recurrent unit (Cho et al. 2014; the reset gate after the product, as cuDNN and ONNX's linear_before_reset have it).

import { constant, filled, shapeFault, type Tensor } from '../tensor.ts'
import { add, mul, sub } from './arithmetic.ts'
import { sigmoid, tanh } from './elementwise.ts'
import { linear } from './matmul.ts'
import { reshape, transpose } from './reshape.ts'
import { slice, split } from './slice.ts'

export type GruWeights = {
  /** [inputs, 3 * units]: reset and update gate and the candidate, side by side. */
  readonly input: Tensor
  /** [units, 3 * units] */
  readonly recurrent: Tensor
  /** [3 * units], one for each product. */
  readonly inputBias: Tensor
  readonly recurrentBias: Tensor
}

/**
 * The hidden state after the last time, from one of zeros.
 *
 * @param x [batch, times, inputs]
 * @returns [batch, units]
 */
export function gru(x: Tensor, { input, recurrent, inputBias, recurrentBias }: GruWeights): Tensor {
  const [batch, times, inputs] = x.shape
  const units = recurrent.shape[0]
  if (
    x.shape.length !== 3 ||
    batch === undefined ||
    times === undefined ||
    inputs === undefined ||
    units === undefined
  ) {
    throw shapeFault('gru', [x.shape, recurrent.shape], 'wants [batch, times, inputs] and [units, 3 * units]')
  }
  const rows = reshape(transpose(x, [1, 0, 2]), [times * batch, inputs])
  let hidden = filled([batch, units], 0)
  for (const given of split(linear(rows, input, inputBias), 0, times)) {
    const own = linear(hidden, recurrent, recurrentBias)
    const gates = sigmoid(add(slice(given, 1, 0, 2 * units), slice(own, 1, 0, 2 * units)))
    const [reset, update] = split(gates, 1, 2) as [Tensor, Tensor]
    const [fresh, kept] = [given, own].map(part => slice(part, 1, 2 * units, 3 * units)) as [Tensor, Tensor]
    const candidate = tanh(add(fresh, mul(reset, kept)))
    hidden = add(mul(sub(constant([], [1]), update), candidate), mul(update, hidden))
  }
  return hidden
}
