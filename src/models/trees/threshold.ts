// The float32 that separates two float32 values, chosen so that a trained and an exported tree never disagree (TREE-04).

const LARGEST = 3.4028234663852886e38
const one = new Float32Array(1)
const bits = new Int32Array(one.buffer)

/** The next float32 below a finite float32. */
export function floatBelow(value: number): number {
  one[0] = value
  if (value === 0) bits[0] = 0x80000001 | 0
  else bits[0] = bits[0]! + (value > 0 ? -1 : 1)
  return one[0]
}

/** The next float32 above a finite float32. */
export function floatAbove(value: number): number {
  return -floatBelow(-value)
}

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
