// Sums and means over all values or along one axis, and the mean of the largest values.

import { operation, type Shape, shapeFault, sizeOf, type Tensor } from '../tensor.ts'

/** For each place of `shape`, its place after `axis` is summed away; all go to 0 without an axis. */
function targetOf(shape: Shape, axis: number | undefined): Int32Array {
  const map = new Int32Array(sizeOf(shape))
  if (axis === undefined) return map
  const after = sizeOf(shape.slice(axis + 1))
  const block = after * shape[axis]!
  return map.map((_, place) => Math.floor(place / block) * after + (place % after))
}

function reduction(op: string, x: Tensor, axis: number | undefined, scale: number): Tensor {
  const into = targetOf(x.shape, axis)
  const shape = axis === undefined ? [] : x.shape.toSpliced(axis, 1)
  return operation(op, shape, [x], {
    forward(output, [from]) {
      output.fill(0)
      for (let i = 0; i < into.length; i++) output[into[i]!]! += from![i]!
      for (let i = 0; i < output.length; i++) output[i]! *= scale
    },
    backward(gradient, [wanted]) {
      if (wanted === undefined) return
      for (let i = 0; i < into.length; i++) wanted[i]! += gradient[into[i]!]! * scale
    },
  })
}

/** How many values go into one: the extent of the axis, or all. */
function extentOf(op: string, x: Tensor, axis: number | undefined): number {
  if (axis === undefined) return sizeOf(x.shape)
  const extent = x.shape[axis]
  if (extent === undefined) throw shapeFault(op, [x.shape], `there is no axis ${axis}`)
  return extent
}

/** Over all values to a scalar, or along `axis`, which disappears. */
export function sum(x: Tensor, axis?: number): Tensor {
  extentOf('sum', x, axis)
  return reduction('sum', x, axis, 1)
}

export function mean(x: Tensor, axis?: number): Tensor {
  return reduction('mean', x, axis, 1 / extentOf('mean', x, axis))
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
  const rising = new Float64Array(n)
  return operation('cvar', [], [losses], {
    forward(output, [from]) {
      // NaN sorts to the end and so into the mean: it is not lost.
      rising.set(from!)
      rising.sort()
      let total = 0
      for (let i = n - count; i < n; i++) total += rising[i]!
      output[0] = total / count
    },
    backward(gradient, [wanted], _, [from]) {
      if (wanted === undefined) return
      const edge = rising[n - count]!
      let atEdge = 0
      for (let i = n - count; i < n; i++) if (rising[i] === edge) atEdge++
      for (let i = 0; i < n; i++) {
        if (from![i]! > edge || (from![i] === edge && atEdge-- > 0)) wanted[i]! += gradient[0]! / count
      }
    },
  })
}
