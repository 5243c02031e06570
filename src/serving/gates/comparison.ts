// What paired scores say: how much better, how surely, and what the live and the paper rule make of it (G10).

import { seededRng } from '../../base/rng.ts'
import { pairedPValue, pairedSharpePValue } from '../../math/paired-test.ts'
import { mean, standardDeviation } from '../../math/statistics.ts'
import type { PairedScores } from './gate.ts'
import type { GateLimits } from './limits.ts'

const differences = (left: Float64Array, right: Float64Array): Float64Array =>
  left.map((value, index) => value - right[index]!)

/** @throws Error where the four columns are not of one length: a bug of whoever scored */
export function decisionsOf({ candidateLoss, championLoss, candidateR, championR }: PairedScores): number {
  const n = candidateLoss.length
  if ([championLoss, candidateR, championR].some(column => column.length !== n)) {
    throw new Error(
      `paired scores have ${n}, ${championLoss.length}, ${candidateR.length} and ${championR.length} rows`,
    )
  }
  return n
}

export type Harm = { readonly lossP: number; readonly rP: number }

/** Chances of seeing the candidate so much worse if it were not: log loss higher, mean R lower. */
export function harmOf(scores: PairedScores, { resamples, sanitySeed }: GateLimits): Harm {
  const rng = seededRng(sanitySeed)
  return {
    lossP: pairedPValue(differences(scores.candidateLoss, scores.championLoss), {
      rng: rng.fork('g10/loss'),
      resamples,
    }),
    rP: pairedPValue(differences(scores.championR, scores.candidateR), { rng: rng.fork('g10/r'), resamples }),
  }
}

const sharpe = (r: Float64Array): number => {
  const spread = standardDeviation(r)
  return spread > 0 ? mean(r) / spread : 0
}

/**
 * How probable an improvement like this would be if there were none, by log loss or by Sharpe, whichever is surer: two questions and
 * all trials are paid for (Bonferroni).
 */
export function improvementP(scores: PairedScores, trials: number, { resamples, sanitySeed }: GateLimits): number {
  const rng = seededRng(sanitySeed)
  const losses = differences(scores.championLoss, scores.candidateLoss)
  const byLoss = pairedPValue(losses, { rng: rng.fork('g13/loss'), resamples })
  const { candidateR, championR } = scores
  const bySharpe = pairedSharpePValue(candidateR, championR, { rng: rng.fork('g13/sharpe'), resamples })
  // Where a set never trades it has no Sharpe ratio to be better by.
  const surest = Number.isNaN(bySharpe) ? byLoss : 2 * Math.min(byLoss, bySharpe)
  return Math.min(1, surest * Math.max(1, trials))
}

/**
 * How probable figures this good would be if a refresh were worse than the champion by more than the margins, in loss or in Sharpe,
 * whichever is less sure. Below 0.05 the lower 95 % bounds of both paired differences lie above them (SRV-21). NaN where a set
 * never trades.
 */
export function nonInferiorityP(scores: PairedScores, limits: GateLimits): number {
  const { resamples, sanitySeed, refreshLossMargin, refreshSharpeMargin } = limits
  const { candidateLoss, championLoss, candidateR, championR } = scores
  const rng = seededRng(sanitySeed)
  const allowed = refreshLossMargin * mean(championLoss)
  const gains = differences(championLoss, candidateLoss).map(gain => gain + allowed)
  const byLoss = pairedPValue(gains, { rng: rng.fork('g10/refresh/loss'), resamples })
  const own = { rng: rng.fork('g10/refresh/sharpe'), resamples }
  return Math.max(byLoss, pairedSharpePValue(candidateR, championR, own, refreshSharpeMargin))
}

function refreshObjection(scores: PairedScores, limits: GateLimits): string | undefined {
  const p = nonInferiorityP(scores, limits)
  if (p < limits.significance) return undefined
  const { refreshLossMargin, refreshSharpeMargin } = limits
  const margins = `${100 * refreshLossMargin} % of the loss and ${refreshSharpeMargin} of Sharpe`
  return `a refresh that is not surely within ${margins} of the champion (p ${p.toFixed(3)})`
}

/**
 * Why the live rule refuses, or undefined where it accepts. `trials` corrects the p-values (Bonferroni); a refresh only has to be surely
 * no worse than its margins.
 */
export function liveObjection(
  scores: PairedScores,
  { trials, refresh }: { readonly trials: number; readonly refresh: boolean },
  limits: GateLimits,
): string | undefined {
  const n = decisionsOf(scores)
  if (n < limits.minValidationSamples) return `${n} decisions of ${limits.minValidationSamples}`
  if (refresh) return refreshObjection(scores, limits)
  const championLoss = mean(scores.championLoss)
  const lossGain = (championLoss - mean(scores.candidateLoss)) / championLoss
  const [own, reference] = [sharpe(scores.candidateR), sharpe(scores.championR)]
  const sharpeGain = (own - reference) / Math.max(Math.abs(reference), 0.5)
  const rng = seededRng(limits.sanitySeed)
  const corrected = (p: number): number => Math.min(1, p * Math.max(1, trials))
  const { resamples, significance, maxOtherLoss } = limits
  const lossP = () =>
    corrected(
      pairedPValue(differences(scores.championLoss, scores.candidateLoss), {
        rng: rng.fork('g10/live/loss'),
        resamples,
      }),
    )
  const sharpeP = () =>
    corrected(pairedSharpePValue(scores.candidateR, scores.championR, { rng: rng.fork('g10/live/sharpe'), resamples }))
  const byLoss = lossGain >= limits.minLossImprovement && sharpeGain >= -maxOtherLoss && lossP() < significance
  if (byLoss) return undefined
  const bySharpe = sharpeGain >= limits.minSharpeImprovement && lossGain >= -maxOtherLoss && sharpeP() < significance
  if (bySharpe) return undefined
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`
  return `loss better by ${percent(lossGain)}, Sharpe by ${percent(sharpeGain)}: no sure improvement in ${trials} trials`
}
