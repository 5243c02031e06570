// Measures of returns and equity (trading chapter, definitions MET). Returns are per session, net, as fractions of its start.

import { worstMean } from './cvar.ts'
import { type Evidence, type EvidenceFloor, type Measure, measureIf } from './measure.ts'
import { mean, type Numbers, standardDeviation } from './statistics.ts'

export type ReturnOptions = EvidenceFloor & {
  /** Closed trades behind the returns, where known: too few make the ratio N/A as too few sessions do. */
  readonly trades?: number
  /** 252; crypto 365. */
  readonly perYear?: number
}

/** A sum of equal numbers leaves a spread of rounding errors; dividing by it would print noise as a ratio. */
const noSpread = (spread: number, center: number): boolean => !(spread > Math.abs(center) * 1e-12)

const evidenceOf = (returns: Numbers, { trades }: ReturnOptions): Evidence => ({
  sessions: returns.length,
  ...(trades === undefined ? {} : { trades }),
})

/**
 * `mean(r - riskFree)/sd * sqrt(perYear)` as a bare number, NaN without spread: for resampling. Reports use `sharpe`.
 */
export function sharpeRatio(returns: Numbers, { perYear = 252, riskFree = 0 } = {}): number {
  const center = mean(returns)
  const spread = standardDeviation(returns)
  return noSpread(spread, center) ? Number.NaN : ((center - riskFree) / spread) * Math.sqrt(perYear)
}

/**
 * Annualised Sharpe of session returns. `riskFree` is per session.
 *
 * @example
 * sharpe([0.01, -0.01]) // { value: null, n: 2, reason: '2 sessions, 60 are needed' }
 */
export function sharpe(returns: Numbers, options: ReturnOptions & { readonly riskFree?: number } = {}): Measure {
  const value = sharpeRatio(returns, options)
  return measureIf(value, returns.length, 'returns do not vary', evidenceOf(returns, options), options)
}

/** Sharpe of single trades in R: never annualised, to be labelled so. */
export function sharpePerTrade(r: Numbers, floor: EvidenceFloor = {}): Measure {
  return measureIf(sharpeRatio(r, { perYear: 1 }), r.length, 'results do not vary', { trades: r.length }, floor)
}

/** Annualised Sortino; `target` is per session and the downside mean is over all n. */
export function sortino(returns: Numbers, options: ReturnOptions & { readonly target?: number } = {}): Measure {
  const { perYear = 252, target = 0 } = options
  let squares = 0
  for (let i = 0; i < returns.length; i++) squares += Math.min(0, returns[i]! - target) ** 2
  const value = ((mean(returns) - target) / Math.sqrt(squares / returns.length)) * Math.sqrt(perYear)
  return measureIf(value, returns.length, 'no return below target', evidenceOf(returns, options), options)
}

/** Mean of the worst `ceil(share * n)` session returns. */
export function cvar(returns: Numbers, options: ReturnOptions & { readonly share?: number } = {}): Measure {
  const value = worstMean(returns, options.share)
  return measureIf(value, returns.length, 'no returns', evidenceOf(returns, options), options)
}

export type Drawdown = {
  /** max of (peak - equity)/peak, 0 where equity never falls. */
  readonly fraction: number
  /** The largest fall from a peak, in the unit of equity. */
  readonly amount: number
  /** Longest stretch below a peak, in points of equity, from the peak to its recovery or to the end. */
  readonly length: number
}

/**
 * Falls of a marked equity curve. Always a number: it bounds a loss that happened, however short the curve.
 *
 * @example
 * drawdown([100, 120, 90, 130]) // { fraction: 0.25, amount: 30, length: 2 }
 */
export function drawdown(equity: Numbers): Drawdown {
  let peak = -Infinity
  let peakAt = 0
  let [fraction, amount, length] = [0, 0, 0]
  for (let i = 0; i < equity.length; i++) {
    const value = equity[i]!
    if (value < peak) {
      fraction = Math.max(fraction, (peak - value) / peak)
      amount = Math.max(amount, peak - value)
      length = Math.max(length, i - peakAt)
      continue
    }
    // Everything between a peak and its recovery lay below it.
    if (i - peakAt > 1) length = Math.max(length, i - peakAt)
    peak = value
    peakAt = i
  }
  return { fraction, amount, length }
}

/** `((end/start)^(perYear/sessions) - 1) / max drawdown` of an equity curve that spans `sessions` sessions. */
export function calmar(equity: Numbers, sessions: number, options: ReturnOptions = {}): Measure {
  const { perYear = 252, trades } = options
  const growth = (equity[equity.length - 1]! / equity[0]!) ** (perYear / sessions) - 1
  const evidence = { sessions, ...(trades === undefined ? {} : { trades }) }
  return measureIf(growth / drawdown(equity).fraction, sessions, 'no drawdown', evidence, options)
}
