// Stricter sets of limits for kinds of candidates that the table of gates does not fit, as tables of data (SRV-22): a sizer that learnt by
// itself, judged on what it decided in shadow, and a set of strategy parameters, judged on its holdout.

import { seededRng } from '../../base/rng.ts'
import { pairedPValue, pairedSharpePValue } from '../../math/paired-test.ts'
import { sharpeRatio } from '../../math/performance.ts'
import { mean } from '../../math/statistics.ts'
import type { GateResult } from './gate.ts'
import { verdictsOf } from './result.ts'

export type ShadowPreset = {
  /** Shadow decisions that are needed; of a thin market fewer. */
  readonly minDecisions: number
  readonly minDecisionsThin: number
  /** Annualised. */
  readonly minSharpe: number
  readonly minWinRate: number
  /** Against the baseline; a thin market needs more. */
  readonly minSharpeRatio: number
  readonly minSharpeRatioThin: number
  readonly significance: number
  /** Share of entries in the first stage of its canary. */
  readonly firstShare: number
  readonly resamples: number
}

export type ParameterPreset = {
  readonly minTrades: number
  /** In points of the win rate, as a share. */
  readonly minWinRateGain: number
  /** Of the Sharpe ratio per trade. */
  readonly minSharpeGain: number
  readonly significance: number
  readonly resamples: number
}

export const PRESETS = Object.freeze({
  rlShadow: Object.freeze({
    minDecisions: 1000,
    minDecisionsThin: 500,
    minSharpe: 2,
    minWinRate: 0.5,
    minSharpeRatio: 1.2,
    minSharpeRatioThin: 1.3,
    significance: 0.05,
    firstShare: 0.05,
    resamples: 10_000,
  }) satisfies ShadowPreset,
  parameters: Object.freeze({
    minTrades: 200,
    minWinRateGain: 0.02,
    minSharpeGain: 0.1,
    significance: 0.05,
    resamples: 10_000,
  }) satisfies ParameterPreset,
})

/** Two arms on the same occasions, one entry each. */
export type PairedArms = { readonly candidate: Float64Array; readonly baseline: Float64Array }

export type ShadowEvidence = {
  readonly decisions: number
  /** The market trades too little for the usual count. */
  readonly thin: boolean
  /** Returns per session, and how many of those make a year. */
  readonly returns: PairedArms
  readonly perYear: number
  /** Net profit of the candidate's closed trades in R. */
  readonly trades: Float64Array
}

const winRate = (r: Float64Array): number => r.reduce((won, one) => won + (one > 0 ? 1 : 0), 0) / r.length

/** Comparisons are written so that a figure that is no number fails. */
const atLeast = (name: string, value: number, limit: number, what: string): GateResult =>
  verdictsOf(name).judge(value >= limit, value, limit, what)
const below = (name: string, value: number, limit: number, what: string): GateResult =>
  verdictsOf(name).judge(value < limit, value, limit, what)

/**
 * @param seed of the resampling: the same evidence gives the same figures
 * @returns one line a rule; all must pass
 * @example judgeShadow(evidence).every(({ result }) => result === 'pass')
 */
export function judgeShadow(
  { decisions, thin, returns, perYear, trades }: ShadowEvidence,
  preset: ShadowPreset = PRESETS.rlShadow,
  seed: number | string = 42,
): GateResult[] {
  const { candidate, baseline } = returns
  const sharpe = sharpeRatio(candidate, { perYear })
  const reference = sharpeRatio(baseline, { perYear })
  const ratio = thin ? preset.minSharpeRatioThin : preset.minSharpeRatio
  const rng = seededRng(seed).fork('rlShadow')
  const p = pairedSharpePValue(candidate, baseline, { rng, resamples: preset.resamples })
  return [
    atLeast('rlShadow decisions', decisions, thin ? preset.minDecisionsThin : preset.minDecisions, 'too few decisions'),
    atLeast('rlShadow sharpe', sharpe, preset.minSharpe, 'the annualised Sharpe ratio is too low'),
    atLeast('rlShadow winRate', winRate(trades), preset.minWinRate, 'wins too seldom'),
    atLeast('rlShadow sharpeRatio', sharpe, ratio * reference, 'not enough above the baseline'),
    below('rlShadow p', p, preset.significance, 'may be luck'),
  ]
}

/**
 * @param trades net profit in R on the holdout: occasion by occasion, 0 where an arm stood aside
 * @param trials how many sets were tried: all are paid for (Bonferroni)
 */
export function judgeParameters(
  trades: PairedArms,
  { trials, seed = 42, preset = PRESETS.parameters }: ParameterJudge,
): GateResult[] {
  const { candidate, baseline } = trades
  const traded = (r: Float64Array): Float64Array => r.filter(one => one !== 0)
  const [own, reference] = [traded(candidate), traded(baseline)]
  const gain = winRate(own) - winRate(reference)
  const sharpeGain = sharpeRatio(own, { perYear: 1 }) - sharpeRatio(reference, { perYear: 1 })
  const differences = candidate.map((r, i) => r - baseline[i]!)
  const rng = seededRng(seed).fork('parameters')
  const p = pairedPValue(differences, { rng, resamples: preset.resamples })
  return [
    atLeast('parameters trades', own.length, preset.minTrades, 'too few trades on the holdout'),
    atLeast('parameters winRate', gain, preset.minWinRateGain, 'does not win more often'),
    atLeast('parameters sharpe', sharpeGain, preset.minSharpeGain, 'the Sharpe ratio per trade gains too little'),
    below('parameters p', Math.min(1, p * Math.max(1, trials)), preset.significance, 'may be luck'),
    atLeast('parameters mean', mean(differences), 0, 'earns less'),
  ]
}

export type ParameterJudge = {
  readonly trials: number
  readonly seed?: number | string
  readonly preset?: ParameterPreset
}
