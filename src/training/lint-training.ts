// Proof on a given table that no training on it looks ahead: its splits keep their halves apart, and nothing fitted knows of the rows it is
// judged on (FEAT-06, SPLIT-02).

import { FEATURE_COUNT } from '../trading/candidate-table.ts'
import { buildDataset, type Dataset } from './dataset.ts'
import { lintFittedParts, type PartsInput } from './fitted-parts.ts'
import { TRAIN_DEFAULTS, type TrainOptions } from './options.ts'
import { lintSplit } from './split-lint.ts'

export type TrainingLeaks = {
  /** In words, such as `holdout: overlap of 12 events`. */
  readonly splits: readonly string[]
  /** Parts, such as `meta scaling`. */
  readonly parts: readonly string[]
}

function splitLeaks(data: Dataset, embargoMs: number): string[] {
  const { table, events, split } = data
  const identity = (event: number): string => {
    const row = events.strongest[event]!
    return `${table.r[row]} ${table.features.subarray(row * FEATURE_COUNT, (row + 1) * FEATURE_COUNT).join()}`
  }
  const halves = [
    ...split.folds.map((fold, place) => ({ name: `fold ${place + 1}`, ...fold })),
    { name: 'holdout', train: split.fit, validate: split.holdout },
  ]
  return halves.flatMap(({ name, train, validate }) =>
    lintSplit({ start: events.time, end: events.end, identity }, { train, validate }, embargoMs).map(
      ({ kind, rows }) => `${name}: ${kind} of ${rows.length} events`,
    ),
  )
}

/** As many trees and steps as show which rows went into a fit: more of them see no others. */
const quick = (options: TrainOptions): TrainOptions => ({
  ...options,
  meta: { ...options.meta, trees: Math.min(options.meta.trees, 8) },
  execution: { ...options.execution, trees: Math.min(options.execution.trees, 8) },
  sizer: { ...options.sizer, steps: 20 },
})

/**
 * Faults: those of `buildDataset`, where there is too little to train on.
 *
 * @example await lintTraining({ table, series, schema, asOf, seed: 42 }) // { splits: [], parts: [] }
 */
export async function lintTraining(input: PartsInput): Promise<TrainingLeaks> {
  const options = quick({ ...TRAIN_DEFAULTS, ...input.options })
  const data = buildDataset({ table: input.table, asOf: input.asOf, barMs: input.series.barMs, options })
  return { splits: splitLeaks(data, options.embargoMs), parts: await lintFittedParts({ ...input, options }) }
}
