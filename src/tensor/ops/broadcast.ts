// Stretching a tensor by numpy's rules, and adding up what was stretched: each is the gradient of the other.

import { intAttr } from '../../onnx/build.ts'
import { operation, type Shape, sameShape, shapeFault, sizeOf, type Tensor } from '../tensor.ts'

/** The common shape: extents from the right must be equal or 1. */
export function broadcastShape(op: string, left: Shape, right: Shape): Shape {
  const rank = Math.max(left.length, right.length)
  return Array.from({ length: rank }, (_, axis) => {
    const a = left[axis - rank + left.length] ?? 1
    const b = right[axis - rank + right.length] ?? 1
    if (a !== b && a !== 1 && b !== 1) throw shapeFault(op, [left, right], `${a} and ${b} do not broadcast`)
    return Math.max(a, b)
  })
}

/** For each place of the stretched shape, the place it comes from. */
export function sourceOf(from: Shape, stretched: Shape): Int32Array {
  const map = new Int32Array(sizeOf(stretched))
  for (let place = 0; place < map.length; place++) {
    let rest = place
    let stride = 1
    for (let back = 1; back <= from.length; back++) {
      const extent = stretched[stretched.length - back]!
      const own = from[from.length - back]!
      if (own !== 1) map[place]! += (rest % extent) * stride
      rest = Math.floor(rest / extent)
      stride *= own
    }
  }
  return map
}

/** A map that is made when it is first needed: a graph that only ONNX evaluates needs none. */
export function lazily<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

/** The same values, repeated up to `shape`. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x
  if (!sameShape(broadcastShape('broadcastTo', x.shape, shape), shape)) {
    throw shapeFault('broadcastTo', [x.shape, shape], 'does not stretch to it')
  }
  const source = lazily(() => sourceOf(x.shape, shape))
  return operation('broadcastTo', shape, [x], {
    forward(output, [from]) {
      const map = source()
      for (let i = 0; i < output.length; i++) output[i] = from![map[i]!]!
    },
    gradients: gradient => [sumTo(gradient, x.shape)],
    onnx: (emit, [from]) => emit.node('Expand', [from!, emit.integers([shape.length], shape)]),
  })
}

/** Sums over every axis that `broadcastTo` would have stretched `shape` along. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x
  const lost = x.shape.length - shape.length
  const axes = x.shape.flatMap((extent, axis) =>
    axis < lost || (shape[axis - lost] === 1 && extent > 1) ? [axis] : [],
  )
  const source = lazily(() => sourceOf(shape, x.shape))
  const keep = axes.some(axis => axis >= lost)
  return operation('sumTo', shape, [x], {
    forward(output, [from]) {
      const map = source()
      output.fill(0)
      for (let i = 0; i < map.length; i++) output[map[i]!]! += from![i]!
    },
    gradients: gradient => [broadcastTo(gradient, x.shape)],
    onnx(emit, [from]) {
      const summed = emit.node('ReduceSum', [from!, emit.integers([axes.length], axes)], {
        keepdims: intAttr(keep ? 1 : 0),
      })
      return keep && lost > 0 ? emit.node('Reshape', [summed, emit.integers([shape.length], shape)]) : summed
    },
  })
}
