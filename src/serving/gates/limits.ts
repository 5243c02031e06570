// Every limit of the gates with its default (SRV-20); the configuration overrides by key.

import { STANDARD_ROLES } from '../../release/release.ts'

export type GateLimits = {
  /** Roles a set must have, no more and no fewer. */
  readonly roles: readonly string[]
  /** G4: how far class probabilities may sum from 1. */
  readonly probabilitySum: number
  /** G4: the sizer's multiplier. */
  readonly size: readonly [number, number]
  readonly parityAbsolute: number
  readonly parityRelative: number
  readonly sanityVectors: number
  readonly sanitySeed: number
  readonly topClassShare: number
  readonly maxTotalVariation: number
  readonly maxKlDivergence: number
  readonly replayBars: number
  /** G9 in paper is notApplicable below this many. */
  readonly paperReplayBars: number
  readonly maxDrawdownRatio: number
  /** Share of equity that a drawdown may always reach. */
  readonly drawdownAllowance: number
  readonly minValidationSamples: number
  /** G10 in paper: with fewer decisions a bootstrap means nothing (the chapter's floor for a Sharpe ratio). */
  readonly minPaperSamples: number
  readonly minLossImprovement: number
  readonly minSharpeImprovement: number
  /** G10: how much worse the other metric may be. */
  readonly maxOtherLoss: number
  /** G10 of a refresh (SRV-21): how much worse it may surely be, as a share of the champion's loss and in Sharpe per decision. */
  readonly refreshLossMargin: number
  readonly refreshSharpeMargin: number
  readonly significance: number
  readonly resamples: number
  /** G11, ms: what 95 % and 99 % of the decisions may take at most. */
  readonly latencyP95Ms: number
  readonly latencyP99Ms: number
  /** G11: against the set in charge, measured in the same pass. */
  readonly latencyChampionRatio: number
  readonly latencyChampionSlackMs: number
  /** G11, MiB: resident memory of the process that was probed. */
  readonly maxMemoryMb: number
  /** G8 refuses; off, paper takes what is not finite as a warning. */
  readonly failOnNanInfinity: boolean
  /** G13 is asked. */
  readonly multiplicity: boolean
  readonly minDsr: number
  readonly maxPbo: number
  readonly floor: {
    readonly minAuc: number
    readonly minTopDecileLift: number
    readonly maxEce: number
    readonly minEdgeBps: number
    readonly maxDriftScore: number
  }
}

export const GATE_LIMITS: GateLimits = Object.freeze({
  roles: STANDARD_ROLES,
  probabilitySum: 1e-4,
  size: [0.1, 2] as const,
  parityAbsolute: 1e-5,
  parityRelative: 1e-4,
  sanityVectors: 200,
  sanitySeed: 42,
  topClassShare: 0.99,
  maxTotalVariation: 0.2,
  maxKlDivergence: 0.25,
  replayBars: 5_000,
  paperReplayBars: 60,
  maxDrawdownRatio: 2,
  drawdownAllowance: 0.005,
  minValidationSamples: 500,
  minPaperSamples: 20,
  minLossImprovement: 0.05,
  minSharpeImprovement: 0.03,
  maxOtherLoss: 0.05,
  refreshLossMargin: 0.01,
  refreshSharpeMargin: 0.05,
  significance: 0.05,
  resamples: 10_000,
  latencyP95Ms: 50,
  latencyP99Ms: 100,
  latencyChampionRatio: 3,
  latencyChampionSlackMs: 1,
  maxMemoryMb: 512,
  failOnNanInfinity: true,
  multiplicity: true,
  minDsr: 0.95,
  maxPbo: 0.2,
  floor: Object.freeze({
    minAuc: 0.62,
    minTopDecileLift: 0.12,
    maxEce: 0.05,
    minEdgeBps: 3,
    maxDriftScore: 0.15,
  }),
})
