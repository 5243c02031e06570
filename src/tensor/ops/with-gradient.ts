// A value whose gradients are given instead of derived: for compositions with a shorter way back than the chain of their parts.

import { operation, type Tensor } from '../tensor.ts'

/**
 * The value itself; what flows back goes to `inputs` as `gradients` says and not into the value's own parts.
 *
 * @param gradients one for each input, given that of the value
 * @example
 * withGradient(relu(x), [x], gradient => [gradient]) // a straight-through relu
 */
export function withGradient(
  value: Tensor,
  inputs: readonly Tensor[],
  gradients: (gradient: Tensor) => readonly (Tensor | undefined)[],
): Tensor {
  return operation('withGradient', value.shape, [value, ...inputs], {
    forward: (output, [from]) => output.set(from!),
    gradients: gradient => [undefined, ...gradients(gradient)],
    onnx: (_, [name]) => name!,
  })
}
