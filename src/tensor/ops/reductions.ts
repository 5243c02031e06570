// Sums, means and largest values over all values or along one axis, and the mean of the largest values.

import { intAttr, intsAttr } from '../../onnx/build.ts'
import { constant, operation, type Shape, shapeFault, sizeOf, type Tensor } from '../tensor.ts'
import { mul } from './arithmetic.ts'
import { broadcastTo, lazily } from './broadcast.ts'
import { reshape } from './reshape.ts'

/** For each place of `shape`, its place after `axis` is summed away; all go to 0 without an axis. */
function targetOf(shape: Shape, axis: number | undefined): Int32Array {
  const map = new Int32Array(sizeOf(shape))
  if (axis === undefined) return map
  const after = sizeOf(shape.slice(axis + 1))
  const block = after * shape[axis]!
  return map.map((_, place) => Math.floor(place / block) * after + (place % after))
}

/** How many values go into one: the extent of the axis, or all. */
function extentOf(op: string, x: Tensor, axis: number | undefined): number {
  if (axis === undefined) return sizeOf(x.shape)
  const extent = x.shape[axis]
  if (extent === undefined) throw shapeFault(op, [x.shape], `there is no axis ${axis}`)
  return extent
}

/** A tensor without `axis`, stretched along it again. */
const stretched = (x: Tensor, shape: Shape, axis: number | undefined): Tensor =>
  broadcastTo(axis === undefined ? x : reshape(x, shape.with(axis, 1)), shape)

function reduction(op: string, onnx: string, x: Tensor, axis: number | undefined, scale: number): Tensor {
  const target = lazily(() => targetOf(x.shape, axis))
  return operation(op, axis === undefined ? [] : x.shape.toSpliced(axis, 1), [x], {
    forward(output, [from]) {
      const into = target()
      output.fill(0)
      for (let i = 0; i < into.length; i++) output[into[i]!]! += from![i]!
      for (let i = 0; i < output.length; i++) output[i]! *= scale
    },
    gradients: gradient => [stretched(mul(gradient, constant([], [scale])), x.shape, axis)],
    onnx(emit, [from]) {
      const axes = axis === undefined ? x.shape.map((_, place) => place) : [axis]
      // Opset 17 takes a sum's axes as an input and a mean's as an attribute; without axes both go over all.
      const keepdims = intAttr(0)
      if (onnx === 'ReduceSum') return emit.node(onnx, [from!, emit.integers([axes.length], axes)], { keepdims })
      return emit.node(onnx, [from!], { keepdims, axes: intsAttr(axes) })
    },
  })
}

/** Over all values to a scalar, or along `axis`, which disappears. */
export function sum(x: Tensor, axis?: number): Tensor {
  extentOf('sum', x, axis)
  return reduction('sum', 'ReduceSum', x, axis, 1)
}

export function mean(x: Tensor, axis?: number): Tensor {
  return reduction('mean', 'ReduceMean', x, axis, 1 / extentOf('mean', x, axis))
}

/** The largest along `axis`, which disappears. Of equal ones the first gets the gradient. */
export function max(x: Tensor, axis: number): Tensor {
  const extent = extentOf('max', x, axis)
  const target = lazily(() => targetOf(x.shape, axis))
  return operation('max', x.shape.toSpliced(axis, 1), [x], {
    forward(output, [from]) {
      const into = target()
      output.fill(Number.NEGATIVE_INFINITY)
      for (let i = 0; i < into.length; i++) output[into[i]!] = Math.max(output[into[i]!]!, from![i]!)
    },
    gradients: gradient => [mul(stretched(gradient, x.shape, axis), firstLargest(x, axis, extent))],
    onnx: (emit, [from]) => emit.node('ReduceMax', [from!], { keepdims: intAttr(0), axes: intsAttr([axis]) }),
  })
}

/** 1 at the first largest value along an axis, 0 elsewhere. Flat. */
function firstLargest(x: Tensor, axis: number, extent: number): Tensor {
  const target = lazily(() => targetOf(x.shape, axis))
  return operation('firstLargest', x.shape, [x], {
    forward(output, [from]) {
      const into = target()
      const best = new Map<number, number>()
      for (let i = 0; i < into.length; i++) {
        const leader = best.get(into[i]!)
        if (leader === undefined || from![i]! > from![leader]!) best.set(into[i]!, i)
      }
      output.fill(0)
      for (const place of best.values()) output[place] = 1
    },
    onnx(emit, [from]) {
      const place = emit.node('ArgMax', [from!], { axis: intAttr(axis), keepdims: intAttr(0) })
      return emit.node('OneHot', [place, emit.integers([], [extent]), emit.floats([2], [0, 1])], {
        axis: intAttr(axis),
      })
    },
  })
}

/**
 * Mean of the `count` largest values, of equal ones the first: the empirical CVaR of losses when `count` is ceil(alpha * n). Its
 * gradient is 1/count at each of them (Rockafellar and Uryasev 2000: the threshold itself moves nothing at the optimum).
 *
 * @example
 * cvar(input('losses', [40]), 2).shape // []
 */
export function cvar(losses: Tensor, count: number): Tensor {
  const n = sizeOf(losses.shape)
  if (!(Number.isInteger(count) && count >= 1 && count <= n)) {
    throw shapeFault('cvar', [losses.shape], `the tail must be of 1 to ${n} values, not ${count}`)
  }
  return mul(sum(mul(losses, largest(losses, n, count))), constant([], [1 / count]))
}

/** 1 at the `count` largest values, 0 elsewhere. Flat. */
function largest(x: Tensor, n: number, count: number): Tensor {
  const rising = new Float64Array(n)
  return operation('largest', x.shape, [x], {
    forward(output, [from]) {
      // NaN sorts to the end: it is in the tail and not lost.
      rising.set(from!)
      rising.sort()
      const edge = rising[n - count]!
      let atEdge = 0
      for (let i = n - count; i < n; i++) if (Object.is(rising[i], edge)) atEdge++
      for (let i = 0; i < n; i++) {
        const value = from![i]!
        output[i] = Number.isNaN(value) || value > edge || (value === edge && atEdge-- > 0) ? 1 : 0
      }
    },
    onnx(emit, [from]) {
      const flat = emit.node('Reshape', [from!, emit.integers([1], [n])])
      const [, places] = emit.shared('TopK', [flat, emit.integers([1], [count])], 2)
      const zeros = emit.floats([n], new Float32Array(n))
      const ones = emit.floats([count], new Float32Array(count).fill(1))
      const marked = emit.node('ScatterElements', [zeros, places!, ones])
      return emit.node('Reshape', [marked, emit.integers([x.shape.length], x.shape)])
    },
  })
}
