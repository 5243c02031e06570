// The windows that convolutions and pools slide over the last axes of a tensor, as places of its values.

import { shapeFault, sizeOf, type Tensor } from '../tensor.ts'
import { take } from './gather.ts'

export type Sliding = {
  /** Steps between two windows along each axis; 1 by default. */
  readonly stride?: number
  /** Zeros before and after each axis; 0 by default. */
  readonly padding?: number
}

/**
 * All windows of x [batch, channels, ...space].
 *
 * @param kernel the window's extents, one for each axis of space
 * @returns windows [batch, ...places, channels, ...kernel], and how many places there are along each axis
 */
export function windows(
  op: string,
  x: Tensor,
  kernel: readonly number[],
  { stride = 1, padding = 0 }: Sliding,
): { readonly values: Tensor; readonly places: readonly number[] } {
  const [batch, channels, ...space] = x.shape
  const places = space.map((extent, axis) => Math.floor((extent + 2 * padding - kernel[axis]!) / stride) + 1)
  const wrong = space.length !== kernel.length || batch === undefined || channels === undefined
  if (wrong || places.some(count => count < 1)) {
    throw shapeFault(op, [x.shape, kernel], 'wants [batch, channels, ...space] and a window that fits into the space')
  }
  const shape = [batch, ...places, channels, ...kernel]
  const map = new Int32Array(sizeOf(shape))
  const at = Array<number>(shape.length).fill(0)
  for (let place = 0; place < map.length; place++) {
    let source = at[0]! * channels + at[space.length + 1]!
    let inside = true
    for (const [axis, extent] of space.entries()) {
      const along = at[axis + 1]! * stride + at[space.length + 2 + axis]! - padding
      inside &&= along >= 0 && along < extent
      source = source * extent + along
    }
    map[place] = inside ? source : -1
    for (let axis = shape.length - 1; axis >= 0 && ++at[axis]! === shape[axis]; axis--) at[axis] = 0
  }
  return { values: take(x, map, shape), places }
}
