// Conditional value at risk: the mean of the worst outcomes. One rounding of "the worst share" for reports, gates and training.

import { type Numbers, sortOrder } from './statistics.ts'

/** How many outcomes are the worst `share` of n: ceil(share * n), with 0.07 * 100 counted as 7 although it is 7.000000000000001. */
export function tailCount(share: number, n: number): number {
  return Math.min(n, Math.max(1, Math.ceil(share * n - 1e-9)))
}

/**
 * Mean of the `ceil(share * n)` lowest values (CVaR 95 % of MET: share 0.05). NaN for no values. A loss is a low value here.
 *
 * @example
 * worstMean([3, -2, 1, -4], 0.5) // -3
 */
export function worstMean(values: Numbers, share = 0.05): number {
  if (values.length === 0) return Number.NaN
  const rising = Float64Array.from(values).sort()
  const count = tailCount(share, rising.length)
  let sum = 0
  for (let i = 0; i < count; i++) sum += rising[i]!
  return sum / count
}

/** The same with weights: mean of the lowest values that together hold `share` of the weight, the last one counted in part. */
export function weightedWorstMean(values: Numbers, weights: Numbers, share = 0.05): number {
  let total = 0
  for (let i = 0; i < weights.length; i++) total += weights[i]!
  const wanted = share * total
  let taken = 0
  let sum = 0
  for (const row of sortOrder(values)) {
    const part = Math.min(weights[row]!, wanted - taken)
    sum += part * values[row]!
    taken += part
    if (taken >= wanted) break
  }
  return sum / taken
}

/**
 * Value at risk: the empirical (1 - share) quantile of losses, the smallest loss that at least that part of them does not exceed.
 * A loss is a high value here. NaN for none.
 *
 * @example
 * valueAtRisk([3, 1, 2, 4], 0.25) // 3
 */
export function valueAtRisk(losses: Numbers, share = 0.05): number {
  const rising = Float64Array.from(losses).sort()
  return rising[Math.max(0, Math.ceil((1 - share) * rising.length - 1e-9) - 1)] ?? Number.NaN
}

/** `z + mean((loss - z)+) / share`: the CVaR of losses where z is their value at risk (Rockafellar and Uryasev 2000). */
export function cvarAt(losses: Numbers, share: number, z: number): number {
  let sum = 0
  for (let i = 0; i < losses.length; i++) sum += Math.max(0, losses[i]! - z)
  return z + sum / losses.length / share
}
