// What a training run can be told, with the defaults of the learning chapter (sections 4, 5 and 14).

import { DAY_MS, isDaily } from '../market/bar.ts'
import type { SizerOptions } from '../models/rl/sizer.ts'
import type { GradientBoostingOptions } from '../models/trees/gradient-boosting.ts'
import type { RandomForestOptions } from '../models/trees/random-forest.ts'
import type { Profile } from '../release/release.ts'

export type DatasetOptions = {
  /** Below the live floors a paper run goes on and is marked `thin`; a live run is refused. */
  readonly profile: Profile
  /** Floors of a live run (SPLIT-03); a paper run has its own, or these where they are lower. */
  readonly minRows: number
  readonly minRowsPerClass: number
  readonly minTradesPerFold: number
  readonly lookbackMonths: number
  readonly lookbackBars: number
  /** A window of exactly so many days before `asOf`, whatever the two before say: walk-forward backtests (BT-03). */
  readonly trainDays?: number
  readonly maxRows: number
  /** Undefined: 60 days, 730 on daily bars (LABEL-07). */
  readonly recencyHalfLifeDays: number | undefined
  /** SPLIT-01. `expanding`: `folds` of them; `rolling`: windows of `rolling`; `combinatorial`: pairs of `folds + 1` blocks. */
  readonly scheme: 'expanding' | 'rolling' | 'combinatorial'
  readonly rolling: { readonly trainDays: number; readonly validateDays: number; readonly stepDays: number }
  readonly folds: number
  readonly holdoutShare: number
  readonly embargoMs: number
}

export const DATASET_DEFAULTS: DatasetOptions = Object.freeze({
  profile: 'paper',
  minRows: 500,
  minRowsPerClass: 30,
  minTradesPerFold: 10,
  lookbackMonths: 24,
  lookbackBars: 3_000,
  maxRows: 200_000,
  recencyHalfLifeDays: undefined,
  scheme: 'expanding',
  rolling: { trainDays: 30, validateDays: 7, stepDays: 7 },
  folds: 5,
  holdoutShare: 0.2,
  embargoMs: DAY_MS,
})

/** Half-life of a row's weight in ms. */
export function halfLifeMs({ recencyHalfLifeDays }: DatasetOptions, barMs: number): number {
  return (recencyHalfLifeDays ?? (isDaily(barMs) ? 730 : 60)) * DAY_MS
}

/** Section 5: the classifier. */
export type MetaOptions = Required<
  Pick<RandomForestOptions, 'trees' | 'depth' | 'minSplit' | 'minLeaf' | 'features' | 'classWeight'>
> & {
  /** The first fold has no earlier predictions to calibrate on: this newest share of its training events is held back for that. */
  readonly innerShare: number
}

export const META_DEFAULTS: MetaOptions = Object.freeze({
  trees: 100,
  depth: 10,
  minSplit: 5,
  minLeaf: 2,
  features: 'sqrt',
  classWeight: 'balanced',
  innerShare: 0.3,
})

/** Section 5: the execution model. */
export type ExecutionOptions = Required<
  Pick<GradientBoostingOptions, 'trees' | 'depth' | 'rate' | 'l2' | 'patience'>
> & {
  /** Newest share of the training time that early stopping watches. */
  readonly innerShare: number
}

export const EXECUTION_DEFAULTS: ExecutionOptions = Object.freeze({
  trees: 100,
  depth: 6,
  rate: 0.1,
  l2: 1,
  patience: 15,
  innerShare: 0.2,
})

/** TRAIN-05 and EXPORT-02: how results are measured and certified. */
export type EvidenceOptions = {
  /** Of the bootstrap behind every interval. */
  readonly resamples: number
  /** Fewer rows or trades print no number (SPLIT-03). */
  readonly minTrades: number
  readonly importanceRows: number
  readonly scores: number
  readonly parityVectors: number
  readonly parityAdjacent: number
}

export const EVIDENCE_DEFAULTS: EvidenceOptions = Object.freeze({
  resamples: 500,
  minTrades: 30,
  importanceRows: 500,
  scores: 2_000,
  parityVectors: 1_000,
  parityAdjacent: 100,
})

/** RL-01 to RL-07: the sizer, and what its inputs and rivals need to know of the account. */
export type SizerRoleOptions = Partial<SizerOptions> & {
  /** The drawdown limit in R at size 1: 20 % of equity at 1 % risk a trade. */
  readonly drawdownLimitR: number
  /** Share of equity that a trade of size 1 risks. */
  readonly riskShare: number
}

export const SIZER_ROLE_DEFAULTS: SizerRoleOptions = Object.freeze({ drawdownLimitR: 20, riskShare: 0.01 })

export type TrainOptions = DatasetOptions & {
  readonly meta: MetaOptions
  readonly execution: ExecutionOptions
  readonly sizer: SizerRoleOptions
  readonly evidence: EvidenceOptions
}

export const TRAIN_DEFAULTS: TrainOptions = Object.freeze({
  ...DATASET_DEFAULTS,
  meta: META_DEFAULTS,
  execution: EXECUTION_DEFAULTS,
  sizer: SIZER_ROLE_DEFAULTS,
  evidence: EVIDENCE_DEFAULTS,
})
