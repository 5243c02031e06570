// How else it could have gone (BT-07): the same trades in another order, the same sessions drawn again in blocks, and the same entries on
// bars with noise.

import type { Rng } from '../base/rng.ts'
import { bootstrapInterval, type Interval } from '../math/bootstrap.ts'
import { drawdown } from '../math/performance.ts'
import { quantileOfSorted, sorted } from '../math/statistics.ts'

export type MonteCarlo = {
  readonly runs: number
  /** Drawdown that counts as ruin: the account's limit, as a fraction. */
  readonly ruinAt: number
  /** Return stays the same in any order of trades; 5-95 % of the drawdown, and the share of runs that reach ruin. */
  readonly reshuffle: { readonly maxDrawdown: Interval; readonly riskOfRuin: number } | null
  /** Stationary block bootstrap of session returns, 5-95 %. */
  readonly bootstrap: Band | null
  /** The same entries with their exits on noisy bars, 5-95 %. */
  readonly noise: Band | null
}

export type Band = {
  readonly returnPct: Interval
  readonly maxDrawdown: Interval
  readonly riskOfRuin: number
}

export type MonteCarloOptions = {
  /** Net result of each closed trade, dollars. */
  readonly netDollars: readonly number[]
  readonly sessionReturns: Float64Array
  /** Net dollars of each trade on bars drawn anew. */
  readonly redo: (rng: Rng) => Float64Array
  readonly capital: number
  readonly ruinAt: number
  readonly rng: Rng
  readonly runs?: number
}

const LEVEL = 0.9

/**
 * Null where there is nothing to draw from.
 *
 * @example
 * monteCarlo({ netDollars: [], sessionReturns: new Float64Array(0), redo, capital: 1e5, ruinAt: 0.05, rng }).reshuffle // null
 */
export function monteCarlo(options: MonteCarloOptions): MonteCarlo {
  const { netDollars, sessionReturns, redo, capital, ruinAt, rng, runs = 1000 } = options
  const traded = netDollars.length > 0
  return {
    runs,
    ruinAt,
    reshuffle: traded ? reshuffled(netDollars, capital, ruinAt, rng.fork('reshuffle'), runs) : null,
    bootstrap: sessionReturns.length === 0 ? null : redrawn(sessionReturns, ruinAt, rng.fork('bootstrap'), runs),
    noise: traded ? noisy(redo, capital, ruinAt, rng.fork('noise'), runs) : null,
  }
}

function reshuffled(netDollars: readonly number[], capital: number, ruinAt: number, rng: Rng, runs: number) {
  const order = Float64Array.from(netDollars)
  const curve = new Float64Array(order.length + 1)
  const falls = new Float64Array(runs)
  for (let sample = 0; sample < runs; sample++) {
    // Fisher and Yates (1938).
    for (let i = order.length - 1; i > 0; i--) {
      const j = rng.int(i + 1)
      const kept = order[i]!
      order[i] = order[j]!
      order[j] = kept
    }
    curve[0] = capital
    for (let i = 0; i < order.length; i++) curve[i + 1] = curve[i]! + order[i]!
    falls[sample] = drawdown(curve).fraction
  }
  return { maxDrawdown: bandOf(falls), riskOfRuin: share(falls, ruinAt) }
}

function bandOf(values: Float64Array): Interval {
  const rising = sorted(values)
  return { low: quantileOfSorted(rising, (1 - LEVEL) / 2), high: quantileOfSorted(rising, (1 + LEVEL) / 2) }
}

function noisy(redo: MonteCarloOptions['redo'], capital: number, ruinAt: number, rng: Rng, runs: number): Band {
  const returns = new Float64Array(runs)
  const falls = new Float64Array(runs)
  for (let sample = 0; sample < runs; sample++) {
    const net = redo(rng)
    const curve = new Float64Array(net.length + 1).fill(capital)
    for (let i = 0; i < net.length; i++) curve[i + 1] = curve[i]! + net[i]!
    returns[sample] = 100 * (curve[net.length]! / capital - 1)
    falls[sample] = drawdown(curve).fraction
  }
  return { returnPct: bandOf(returns), maxDrawdown: bandOf(falls), riskOfRuin: share(falls, ruinAt) }
}

function redrawn(returns: Float64Array, ruinAt: number, rng: Rng, resamples: number) {
  const curve = new Float64Array(returns.length + 1)
  const falls: number[] = []
  const grow = (sample: Float64Array): void => {
    curve[0] = 1
    for (let i = 0; i < sample.length; i++) curve[i + 1] = curve[i]! * (1 + sample[i]!)
  }
  const level = LEVEL
  const returnPct = bootstrapInterval(
    returns,
    sample => {
      grow(sample)
      return 100 * (curve[sample.length]! - 1)
    },
    { rng: rng.fork('return'), resamples, level },
  )
  const maxDrawdown = bootstrapInterval(
    returns,
    sample => {
      grow(sample)
      falls.push(drawdown(curve).fraction)
      return falls.at(-1)!
    },
    { rng: rng.fork('drawdown'), resamples, level },
  )
  return { returnPct, maxDrawdown, riskOfRuin: share(falls, ruinAt) }
}

function share(falls: ArrayLike<number>, ruinAt: number): number {
  let ruined = 0
  for (let i = 0; i < falls.length; i++) if (falls[i]! >= ruinAt) ruined += 1
  return ruined / falls.length
}
