// Rows drawn with replacement in proportion to their weights, so that a plain mean and a plain CVaR of a batch estimate weighted ones.

import type { Rng } from '../../base/rng.ts'

/**
 * @param weights of rows 0.. ; all equal when absent
 * @param count rows to draw from: the first `count`
 * @returns a function that draws one row
 */
export function rowSampler(weights: Float64Array | undefined, count: number, rng: Rng): () => number {
  if (weights === undefined) return () => rng.int(count)
  const running = new Float64Array(count)
  let total = 0
  for (let row = 0; row < count; row++) running[row] = total += weights[row]!
  return () => {
    const place = rng.next() * total
    let low = 0
    let high = count - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (running[middle]! > place) high = middle
      else low = middle + 1
    }
    return low
  }
}
