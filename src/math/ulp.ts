// Float32 neighbours and distances in units of the last place: parity errors and vectors one step beside a threshold (EXPORT-02).

const float = new Float32Array(1)
const bits = new Int32Array(float.buffer)

/** Integers in the order of the float32 values, -0 and 0 both 0. */
function ordinal(value: number): number {
  float[0] = value
  const raw = bits[0]!
  return raw >= 0 ? raw : -(raw & 0x7fffffff)
}

function fromOrdinal(place: number): number {
  bits[0] = place >= 0 ? place : -place | -0x80000000
  return float[0]!
}

/**
 * How many float32 steps lie between two values, each rounded to float32 first. NaN where either is NaN.
 *
 * @example
 * ulpDistance(1, 1 + 2 ** -23) // 1
 */
export function ulpDistance(left: number, right: number): number {
  if (Number.isNaN(left) || Number.isNaN(right)) return Number.NaN
  return Math.abs(ordinal(left) - ordinal(right))
}

/** The next float32 above; the largest finite one is followed by Infinity, which stays. */
export function nextFloatUp(value: number): number {
  return Number.isNaN(value) || value === Infinity ? value : fromOrdinal(ordinal(value) + 1)
}

/** The next float32 below. */
export function nextFloatDown(value: number): number {
  return Number.isNaN(value) || value === -Infinity ? value : fromOrdinal(ordinal(value) - 1)
}
