// One number that makes the probabilities of a network honest: logits are divided by it (Guo et al. 2017).

/** What a temperature may be. At the ends the rows say nothing that a temperature could express. */
const [COLDEST, HOTTEST] = [0.05, 20]

/** Slope of the mean cross-entropy by 1/temperature; it only rises, because the loss is convex in it. */
function slope(logits: Float64Array, classes: ArrayLike<number>, width: number, inverse: number): number {
  let sum = 0
  for (let row = 0; row < classes.length; row++) {
    const at = row * width
    let largest = -Infinity
    for (let k = 0; k < width; k++) largest = Math.max(largest, logits[at + k]!)
    let [total, mean] = [0, 0]
    for (let k = 0; k < width; k++) {
      const share = Math.exp(inverse * (logits[at + k]! - largest))
      total += share
      mean += share * logits[at + k]!
    }
    sum += mean / total - logits[at + classes[row]!]!
  }
  return sum / classes.length
}

/**
 * The temperature of least cross-entropy, between 0.05 and 20.
 *
 * @param logits row-major, one row of `width` for each class index in `classes`
 * @example
 * fitTemperature(Float64Array.of(2, 0, 2, 0), [0, 1], 2) // 20: the logits are sure and right half of the time
 */
export function fitTemperature(logits: Float64Array, classes: ArrayLike<number>, width: number): number {
  let [low, high] = [1 / HOTTEST, 1 / COLDEST]
  if (slope(logits, classes, width, low) >= 0) return HOTTEST
  if (slope(logits, classes, width, high) <= 0) return COLDEST
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2
    if (slope(logits, classes, width, middle) < 0) low = middle
    else high = middle
  }
  return 2 / (low + high)
}
