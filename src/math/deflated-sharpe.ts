// Is a Sharpe ratio more than the luck of the best of many tries? Probabilistic Sharpe (Bailey and Lopez de Prado 2012) and deflated
// Sharpe (the same 2014, eq. 2), as LEDGER-02 states them. All Sharpe ratios are per period, never annualised.

import { type Measure, measured, notAvailable } from './measure.ts'
import { normalCdf, normalQuantile } from './normal.ts'
import { kurtosis, mean, type Numbers, skewness, standardDeviation } from './statistics.ts'

const EULER_MASCHERONI = 0.5772156649015329

/** Fewer periods say nothing about a Sharpe ratio (LEDGER-02). */
export const LEAST_PERIODS = 30

/** What a Sharpe ratio says about itself. */
export type SharpeEvidence = {
  /** Per period. */
  readonly sharpe: number
  /** Independent periods behind it; where results overlap, fewer than there are values. */
  readonly periods: number
  readonly skewness: number
  /** 3 for a normal sample. */
  readonly kurtosis: number
}

/** What the ledger knows of the tries behind it. */
export type Tries = {
  /** Configurations evaluated, this one included. */
  readonly trials: number
  /** Variance of their Sharpe ratios per period; not asked for where there is one trial only. */
  readonly variance: number
}

/**
 * Sharpe ratio and shape of results per period; NaN where they do not vary.
 *
 * @param overlap how many results share their luck on average: as many times fewer periods count
 * @example
 * sharpeEvidence([0.5, -0.2, 0.9, 0.1]).periods // 4
 */
export function sharpeEvidence(results: Numbers, overlap = 1): SharpeEvidence {
  return {
    sharpe: mean(results) / standardDeviation(results),
    periods: Math.floor(results.length / Math.max(1, overlap)),
    skewness: skewness(results),
    kurtosis: kurtosis(results),
  }
}

/**
 * The Sharpe ratio that the best of `trials` tries without any edge is expected to show.
 *
 * @example
 * expectedMaximumSharpe({ trials: 1, variance: 0.5 }) // 0
 */
export function expectedMaximumSharpe({ trials, variance }: Tries): number {
  if (!(trials >= 1)) throw new RangeError(`${trials} trials`)
  if (trials === 1) return 0
  const first = normalQuantile(1 - 1 / trials)
  const second = normalQuantile(1 - 1 / (trials * Math.E))
  return Math.sqrt(variance) * ((1 - EULER_MASCHERONI) * first + EULER_MASCHERONI * second)
}

/**
 * The chance that the true Sharpe ratio is above `benchmark`, for results of any skewness and tails.
 *
 * @returns n/a below 30 periods, and where results do not vary
 * @example
 * probabilisticSharpe({ sharpe: 0.1, periods: 250, skewness: 0, kurtosis: 3 }).value // 0.942…
 */
export function probabilisticSharpe(evidence: SharpeEvidence, benchmark = 0): Measure {
  const { sharpe, periods, skewness: skew, kurtosis: tails } = evidence
  if (periods < LEAST_PERIODS) return notAvailable(`${periods} periods, ${LEAST_PERIODS} are needed`, periods)
  const spread = 1 - skew * sharpe + ((tails - 1) / 4) * sharpe * sharpe
  const value = normalCdf(((sharpe - benchmark) * Math.sqrt(periods - 1)) / Math.sqrt(spread))
  return Number.isFinite(value) ? measured(value, periods) : notAvailable('results do not vary', periods)
}

/**
 * The chance that the true Sharpe ratio is above what luck alone gives the best of that many tries.
 *
 * @example
 * const yearly = 250
 * deflatedSharpe(
 *   { sharpe: 2.5 / Math.sqrt(yearly), periods: 1250, skewness: -3, kurtosis: 10 },
 *   { trials: 100, variance: 0.5 / yearly },
 * ).value // 0.9004
 */
export function deflatedSharpe(evidence: SharpeEvidence, tries: Tries): Measure {
  const luck = expectedMaximumSharpe(tries)
  if (!Number.isFinite(luck)) return notAvailable('how much the trials vary is not known', evidence.periods)
  return probabilisticSharpe(evidence, luck)
}
