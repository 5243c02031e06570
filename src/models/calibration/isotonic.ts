// Isotonic regression by pooling adjacent violators (Ayer et al. 1955), made continuous between the pools.

import { type Ramps, rampsThrough } from './ramps.ts'

export type Pool = {
  /** Weighted mean of the scores pooled. */
  readonly centre: number
  /** Weighted mean of their labels: the fitted value of each of them. */
  readonly value: number
  readonly weight: number
}

/**
 * The rising step function with the least weighted squared error, as its steps in order of score.
 *
 * @example poolViolators([0.1, 0.2, 0.3], [0, 1, 0]) // values 0 and 0.5
 */
export function poolViolators(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights?: ArrayLike<number>,
): Pool[] {
  const pools: Pool[] = []
  for (const point of distinctPoints(scores, labels, weights)) {
    let pool = point
    while (pools.length > 0 && pools.at(-1)!.value >= pool.value) pool = merge(pools.pop()!, pool)
    pools.push(pool)
  }
  return pools
}

/** A rising function of the score: linear between the centres of the pools, level outside the first and the last. */
export function isotonic(scores: ArrayLike<number>, labels: ArrayLike<number>, weights?: ArrayLike<number>): Ramps {
  return rampsThrough(poolViolators(scores, labels, weights).map(({ centre, value }) => ({ at: centre, value })))
}

/** Rows of equal score are one point: no function can tell them apart. */
function distinctPoints(scores: ArrayLike<number>, labels: ArrayLike<number>, weights?: ArrayLike<number>): Pool[] {
  const order = Array.from({ length: scores.length }, (_, row) => row)
  order.sort((a, b) => scores[a]! - scores[b]! || a - b)
  const points: Pool[] = []
  for (const row of order) {
    const point = { centre: scores[row]!, value: labels[row]!, weight: weights?.[row] ?? 1 }
    if (point.weight <= 0) continue
    const same = points.at(-1)?.centre === point.centre
    points.push(same ? { ...merge(points.pop()!, point), centre: point.centre } : point)
  }
  return points
}

function merge(a: Pool, b: Pool): Pool {
  const weight = a.weight + b.weight
  return {
    centre: (a.centre * a.weight + b.centre * b.weight) / weight,
    value: (a.value * a.weight + b.value * b.weight) / weight,
    weight,
  }
}
