// Is a fitted sizer worth having? Against size 1 on trades it has not seen (RL-07).

import { weightedWorstMean, worstMean } from '../../math/cvar.ts'
import { mean, standardDeviation } from '../../math/statistics.ts'

export type SizedResult = {
  /** Mean result per trade in R. */
  readonly mean: number
  /** CVaR as a loss in R: positive is losing. */
  readonly cvar: number
}

export type SizerWorth = {
  /** True only where it earns more, its tail is not heavier, and at equal mean size it earns more by more than chance. */
  readonly worth: boolean
  readonly sizer: SizedResult
  /** Size 1 on the same trades. */
  readonly constant: SizedResult
  /** The sizer scaled to mean size 1: betting more, or less, of everything changes nothing here. */
  readonly equalSize: SizedResult
  readonly meanSize: number
  /** Student's t of the mean gain at equal size, from means of blocks of neighbouring trades; null where it cannot be told. */
  readonly t: number | null
  readonly trades: number
}

export type SizerWorthInput = {
  readonly sizes: Float32Array
  /** Net R at size 1, in order of time. */
  readonly r: Float64Array
  readonly weights?: Float64Array | undefined
  readonly alpha?: number
  /** Neighbours depend on each other; means of this many blocks nearly do not. */
  readonly blocks?: number
  /** Least t: one-sided 5 % of Student's distribution with 19 degrees of freedom. */
  readonly leastT?: number
}

function weightedMean(values: Float64Array, weights: Float64Array): number {
  let sum = 0
  let total = 0
  for (let i = 0; i < values.length; i++) {
    sum += weights[i]! * values[i]!
    total += weights[i]!
  }
  return sum / total
}

/** t of the mean from batch means: blocks of equal length in time, the oldest odd trades left out. */
function batchT(gains: Float64Array, weights: Float64Array, blocks: number): number | null {
  const length = Math.floor(gains.length / blocks)
  if (length === 0) return null
  const means = Array.from({ length: blocks }, (_, block) => {
    const from = gains.length - (blocks - block) * length
    return weightedMean(gains.subarray(from, from + length), weights.subarray(from, from + length))
  })
  const t = mean(means) / (standardDeviation(means) / Math.sqrt(blocks))
  return Number.isFinite(t) ? t : null
}

/**
 * @example
 * sizerWorth({ sizes: new Float32Array(100).fill(1), r: new Float64Array(100).fill(0.1) }).worth // false
 */
export function sizerWorth({
  sizes,
  r,
  weights,
  alpha = 0.05,
  blocks = 20,
  leastT = 1.729,
}: SizerWorthInput): SizerWorth {
  const counted = weights ?? new Float64Array(r.length).fill(1)
  const resultOf = (results: Float64Array): SizedResult => ({
    mean: weightedMean(results, counted),
    cvar: -(weights === undefined ? worstMean(results, alpha) : weightedWorstMean(results, weights, alpha)),
  })
  const meanSize = weightedMean(Float64Array.from(sizes), counted)
  const sized = r.map((value, trade) => sizes[trade]! * value)
  const scaled = sized.map(value => value / meanSize)
  const [sizer, constant, equalSize] = [resultOf(sized), resultOf(r), resultOf(scaled)]
  const gains = r.map((value, trade) => {
    const more = sizes[trade]! / meanSize - 1
    // Equal sizes differ from their mean by float32 rounding; that is no bet.
    return Math.abs(more) < 1e-6 ? 0 : more * value
  })
  const t = batchT(gains, counted, blocks)
  const worth = sizer.mean > constant.mean && sizer.cvar <= constant.cvar && t !== null && t >= leastT
  return { worth, sizer, constant, equalSize, meanSize, t, trades: r.length }
}
