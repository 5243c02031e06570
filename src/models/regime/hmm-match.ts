// Which state of a new fit is which of the old one, so that names and places do not jump (REG-02).

import { cholesky, invertLower, logDeterminant } from '../../math/cholesky.ts'

export type Gaussian = { readonly mean: Float64Array; readonly covariance: Float64Array }

/**
 * Hellinger distance of two normal distributions, 0 (equal) to 1 (nothing in common).
 * H^2 = 1 - |A|^(1/4) |B|^(1/4) / |M|^(1/2) exp(-d' M^-1 d / 8), M = (A+B)/2 (Pardo 2006, ch. 1).
 */
export function hellinger(a: Gaussian, b: Gaussian): number {
  const n = a.mean.length
  const middle = a.covariance.map((value, i) => (value + b.covariance[i]!) / 2)
  const [left, right, both] = [a.covariance, b.covariance, middle].map(matrix => cholesky(matrix, n))
  if (left === undefined || right === undefined || both === undefined) {
    throw new RangeError('a covariance is not positive definite')
  }
  const white = invertLower(both, n)
  let squares = 0
  for (let row = 0; row < n; row++) {
    let value = 0
    for (let k = 0; k <= row; k++) value += white[row * n + k]! * (a.mean[k]! - b.mean[k]!)
    squares += value * value
  }
  const overlap = (logDeterminant(left, n) + logDeterminant(right, n)) / 4 - logDeterminant(both, n) / 2 - squares / 8
  return Math.sqrt(Math.max(0, 1 - Math.exp(overlap)))
}

/**
 * The assignment with the least total distance, by trying all: there are at most 5 states. Of equal ones the first.
 *
 * @param distances per new state, to each old one
 * @returns per new state the old one, or -1 for what is left over where there are more new ones
 * @example bestMatch([[0.9, 0.1], [0.2, 0.8]]) // [1, 0]
 */
export function bestMatch(distances: readonly (readonly number[])[]): readonly number[] {
  const olds = distances[0]?.length ?? 0
  const spare = Math.max(0, distances.length - olds)
  let best = { total: Infinity, match: [] as readonly number[] }
  const visit = (match: readonly number[], left: number, total: number): void => {
    if (total >= best.total) return
    if (match.length === distances.length) {
      best = { total, match }
      return
    }
    const row = distances[match.length]!
    for (let old = 0; old < olds; old++) {
      if (!match.includes(old)) visit([...match, old], left, total + row[old]!)
    }
    if (left > 0) visit([...match, -1], left - 1, total)
  }
  visit([], spare, 0)
  return best.match
}
