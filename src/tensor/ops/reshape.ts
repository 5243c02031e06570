// The same values in another shape or order of axes.

import { intsAttr } from '../../onnx/build.ts'
import { operation, type Shape, sameShape, shapeFault, sizeOf, type Tensor } from '../tensor.ts'
import { lazily } from './broadcast.ts'

export function reshape(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x
  if (sizeOf(x.shape) !== sizeOf(shape)) throw shapeFault('reshape', [x.shape, shape], 'wants as many values')
  return operation('reshape', shape, [x], {
    forward: (output, [from]) => output.set(from!),
    gradients: gradient => [reshape(gradient, x.shape)],
    onnx: (emit, [from]) => emit.node('Reshape', [from!, emit.integers([shape.length], shape)]),
  })
}

/** For each place after the axes were put in `order`, the place before. */
function origins(shape: Shape, order: readonly number[]): Int32Array {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)))
  const map = new Int32Array(sizeOf(shape))
  for (let place = 0; place < map.length; place++) {
    let rest = place
    for (const axis of order.toReversed()) {
      map[place]! += (rest % shape[axis]!) * strides[axis]!
      rest = Math.floor(rest / shape[axis]!)
    }
  }
  return map
}

/**
 * Axes in another order.
 *
 * @example
 * transpose(input('x', [2, 3, 4]), [1, 0, 2]).shape // [3, 2, 4]
 */
export function transpose(x: Tensor, order: readonly number[]): Tensor {
  if (
    !sameShape(
      order.toSorted((a, b) => a - b),
      x.shape.map((_, axis) => axis),
    )
  ) {
    throw shapeFault('transpose', [x.shape, order], 'wants each axis once')
  }
  const source = lazily(() => origins(x.shape, order))
  return operation(
    'transpose',
    order.map(axis => x.shape[axis]!),
    [x],
    {
      forward(output, [from]) {
        const map = source()
        for (let i = 0; i < output.length; i++) output[i] = from![map[i]!]!
      },
      gradients: gradient => [
        transpose(
          gradient,
          order.map((_, axis) => order.indexOf(axis)),
        ),
      ],
      onnx: (emit, [from]) => emit.node('Transpose', [from!], { perm: intsAttr(order) }),
    },
  )
}
