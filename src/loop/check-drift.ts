// Whether the models in charge have drifted since they were trained: their outcomes and the rows that they read, by role (SCHED-03).

import { columnDrift, columnSignals } from '../feedback/column-drift.ts'
import type { DriftLimits } from '../feedback/drift-limits.ts'
import { driftStart, watchDrift } from '../feedback/drift-watch.ts'
import type { DriftSignal } from '../feedback/signal.ts'
import { fitPrelude } from '../models/prelude.ts'
import type { ModelSet } from '../serving/model-set.ts'
import { modelOutcomes, type OutcomeOptions, rowsBeside } from './model-outcomes.ts'

/** Newest rows that are held against those of training. */
const LIVE_ROWS = 500

export type RoleDrift = {
  readonly role: string
  /** Outcomes so far, of which the first were the holdout's. */
  readonly outcomes: number
  /** What was found in what came after the training. */
  readonly signals: readonly DriftSignal[]
}

/** What the model reads: levels as ratios, scaled by training, so that a price that rises is no drift by itself. */
function columnsOf(set: ModelSet, options: Pick<OutcomeOptions, 'table' | 'asOf'>, limits: DriftLimits): DriftSignal[] {
  const columns = set.features['meta'] ?? []
  const width = columns.length
  const { before, since } = rowsBeside(set, options, LIVE_ROWS)
  const [trained, live] = [before.length / width, since.length / width]
  if (trained < limits.minOutcomes || live < limits.minReported) return []
  const prelude = fitPrelude(before, trained, columns, { logs: false })
  const [training, newest] = [prelude.transform(before, trained), prelude.transform(since, live)]
  const unused = new Set(prelude.unused)
  const columnIn = (rows: Float32Array, count: number, column: number) =>
    Float64Array.from({ length: count }, (_, row) => rows[row * width + column]!)
  const found = columns.flatMap(({ name }, column) =>
    unused.has(name)
      ? []
      : [
          columnDrift({
            column: name,
            training: columnIn(training, trained, column),
            live: columnIn(newest, live, column),
          }),
        ],
  )
  return columnSignals(found, live, limits)
}

/**
 * From the data alone, without a state: the same set, table and time give the same answer.
 *
 * @param since signals of outcomes known at or before this time were told before, ms UTC, by role
 * @example checkDrift(set, { table, asOf, minExpectedR: 0.05, step: 0.25 }, new Map(), DRIFT_LIMITS)
 */
export function checkDrift(
  set: ModelSet,
  options: OutcomeOptions,
  since: ReadonlyMap<string, number>,
  limits: DriftLimits,
): RoleDrift[] {
  // The rows are the same for every role; the classifier reads all columns and answers for them.
  const columns = set.baselineRoles.has('meta') ? [] : columnsOf(set, options, limits)
  return [...modelOutcomes(set, options)].map(([role, outcomes]) => {
    const from = Math.max(set.windows.dataEnd, since.get(role) ?? Number.NEGATIVE_INFINITY)
    let state = driftStart
    const signals: DriftSignal[] = []
    for (const outcome of outcomes) {
      const step = watchDrift(state, outcome, limits)
      state = step.state
      if (outcome.at > from) signals.push(...step.signals)
    }
    return { role, outcomes: outcomes.length, signals: role === 'meta' ? [...signals, ...columns] : signals }
  })
}
