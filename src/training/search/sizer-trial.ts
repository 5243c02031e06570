// The sizer as the objective of a search. The product fits it once, a search on every inner fold: sizes are judged on trades after those
// they were fitted on, and the holdout is not read (SPLIT-02).

import type { Rng } from '../../base/rng.ts'
import type { FeatureColumn } from '../../market/feature-schema.ts'
import { sizerScore } from '../../models/rl/sizer.ts'
import type { Dataset } from '../dataset.ts'
import type { ResultSeries } from '../ledger/results.ts'
import type { SizerRoleOptions } from '../options.ts'
import { fitSizerRole, type SizerTrades, type SizerTradesInput, sizerTrades } from '../roles/sizer.ts'

/** Plain data: it travels to threads. */
export type SizerFold = {
  readonly fit: SizerTrades
  readonly judge: SizerTrades
  /** Of the judged trades: when they were decided and when their outcome was known, ms. */
  readonly start: Float64Array
  readonly end: Float64Array
}

export type SizerFoldsInput = Omit<SizerTradesInput, 'events'> & { readonly data: Dataset }

export function sizerFolds(input: SizerFoldsInput): SizerFold[] {
  const { table, split } = input.data
  return split.folds.map(({ train, validate }) => {
    const judge = sizerTrades({ ...input, events: validate })
    return {
      fit: sizerTrades({ ...input, events: train }),
      judge,
      start: Float64Array.from(judge.rows, row => table.time[row]!),
      end: Float64Array.from(judge.rows, row => table.labelEnd[row]!),
    }
  })
}

export type SizerTrial = {
  /** By the objective of the defaults, whatever the trial was fitted with. */
  readonly value: number
  readonly results: ResultSeries
}

/** Faults: those of `fitSizer` on trades that teach nothing. */
export function trySizer(
  { fit, judge, start, end }: SizerFold,
  columns: readonly FeatureColumn[],
  options: SizerRoleOptions,
  rng: Rng,
): SizerTrial {
  const fitted = fitSizerRole({ trades: fit, columns, options, rng })
  const sizes = fitted.predict(judge.inputs, judge.r.length)
  return { value: sizerScore(sizes, judge), results: { start, end, r: judge.r.map((r, at) => r * sizes[at]!) } }
}
