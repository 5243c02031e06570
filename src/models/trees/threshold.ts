// The float32 that separates two float32 values, chosen so that a trained and an exported tree never disagree (TREE-04).

import { floatBelow } from '../../onnx/tree-program.ts'

/** The largest finite float32: as a threshold it divides what is there from what is missing. */
export const LARGEST = 3.4028234663852886e38

/**
 * The largest float32 at or below the midpoint of two float32 values and below the upper one, so that
 * `lower <= t < upper` always holds. Infinite neighbours count as the largest finite value.
 *
 * @example thresholdBetween(1, 2) // 1.5
 */
export function thresholdBetween(lower: number, upper: number): number {
  const low = Math.max(lower, -LARGEST)
  const high = Math.min(upper, LARGEST)
  const middle = low / 2 + high / 2
  let threshold = Math.fround(middle)
  if (threshold > middle) threshold = floatBelow(threshold)
  return threshold < upper ? threshold : floatBelow(upper)
}
