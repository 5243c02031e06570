// Dropout (Srivastava et al. 2014). The masks are inputs, drawn by our rng, so that a seed decides them on every device.

import type { Rng } from '../../base/rng.ts'
import type { Tensor } from '../tensor.ts'
import { mul } from './arithmetic.ts'

/** @param mask as of `dropoutMask`, an input with a value of its own in each step; ones switch it off */
export const dropout = (x: Tensor, mask: Tensor): Tensor => mul(x, mask)

/**
 * 0 for a share of the values, and for the others what keeps their mean.
 *
 * @example
 * dropoutMask(seededRng(1), 64 * 50, 0.2) // zeros and 1.25s
 */
export function dropoutMask(rng: Rng, count: number, share: number): Float32Array {
  const kept = 1 / (1 - share)
  const mask = new Float32Array(count)
  for (let i = 0; i < count; i++) if (rng.next() >= share) mask[i] = kept
  return mask
}
