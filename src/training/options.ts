// What a training run can be told, with the defaults of the learning chapter (sections 4, 5 and 14).

import { DAY_MS, isDaily } from '../market/bar.ts'
import type { Profile } from '../release/release.ts'

export type DatasetOptions = {
  /** Below the live floors a paper run goes on and is marked `thin`; a live run is refused. */
  readonly profile: Profile
  readonly lookbackMonths: number
  readonly lookbackBars: number
  readonly maxRows: number
  /** Undefined: 60 days, 730 on daily bars (LABEL-07). */
  readonly recencyHalfLifeDays: number | undefined
  readonly folds: number
  readonly holdoutShare: number
  readonly embargoMs: number
}

export const DATASET_DEFAULTS: DatasetOptions = Object.freeze({
  profile: 'paper',
  lookbackMonths: 24,
  lookbackBars: 3_000,
  maxRows: 200_000,
  recencyHalfLifeDays: undefined,
  folds: 5,
  holdoutShare: 0.2,
  embargoMs: DAY_MS,
})

/** Half-life of a row's weight in ms. */
export function halfLifeMs({ recencyHalfLifeDays }: DatasetOptions, barMs: number): number {
  return (recencyHalfLifeDays ?? (isDaily(barMs) ? 730 : 60)) * DAY_MS
}

/** Section 5: the classifier. */
export type MetaOptions = {
  readonly trees: number
  readonly maxDepth: number
  readonly minSplit: number
  readonly minLeaf: number
  /** Inner purged folds whose predictions the calibration learns from. */
  readonly innerFolds: number
}

export const META_DEFAULTS: MetaOptions = Object.freeze({
  trees: 100,
  maxDepth: 10,
  minSplit: 5,
  minLeaf: 2,
  innerFolds: 2,
})

/** Section 5: the execution model. */
export type ExecutionOptions = {
  readonly trees: number
  readonly maxDepth: number
  readonly rate: number
  readonly l2: number
  readonly earlyStop: number
  /** Newest share of the training rows that early stopping watches. */
  readonly innerShare: number
}

export const EXECUTION_DEFAULTS: ExecutionOptions = Object.freeze({
  trees: 100,
  maxDepth: 6,
  rate: 0.1,
  l2: 1,
  earlyStop: 15,
  innerShare: 0.2,
})

export type TrainOptions = DatasetOptions & {
  readonly meta: MetaOptions
  readonly execution: ExecutionOptions
}
