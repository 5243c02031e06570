// The largest or the mean value of each window, over one or two axes.

import { shapeFault, type Tensor } from '../tensor.ts'
import { max, mean } from './reductions.ts'
import { reshape } from './reshape.ts'
import { windows } from './windows.ts'

export type Pool = {
  /** Extent of the window along each axis, and the steps between two windows. */
  readonly window: number
  readonly stride?: number
}

/** Each channel is pooled by itself: to the windows it is one more of the batch. */
function pool(
  op: string,
  x: Tensor,
  { window, stride = window }: Pool,
  over: (rows: Tensor, axis: number) => Tensor,
): Tensor {
  const [batch, channels, ...space] = x.shape
  if (batch === undefined || channels === undefined || space.length === 0) {
    throw shapeFault(op, [x.shape], 'wants [batch, channels, ...space]')
  }
  const kernel = space.map(() => window)
  const { values, places } = windows(op, reshape(x, [batch * channels, 1, ...space]), kernel, { stride })
  const rows = reshape(values, [batch, channels, ...places, window ** space.length])
  return over(rows, rows.shape.length - 1)
}

/** Of equal values the first gets the gradient. */
export const maxPool = (x: Tensor, options: Pool): Tensor => pool('maxPool', x, options, max)

export const meanPool = (x: Tensor, options: Pool): Tensor => pool('meanPool', x, options, mean)
