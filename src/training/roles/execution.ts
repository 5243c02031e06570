// The role `execution`: the expected net R of one candidate, by gradient boosting on squared error (section 5).

import type { Rng } from '../../base/rng.ts'
import type { FeatureColumn } from '../../market/feature-schema.ts'
import { EXECUTION_COLUMNS } from '../../market/roles.ts'
import { walkForward } from '../../math/splits.ts'
import type { Crew } from '../../models/crew.ts'
import type { LearningSet } from '../../models/model.ts'
import { fitPrelude } from '../../models/prelude.ts'
import { gradientBoosting } from '../../models/trees/gradient-boosting.ts'
import type { Watch } from '../../models/watch.ts'
import { candidatesOf, type Dataset } from '../dataset.ts'
import type { ExecutionOptions } from '../options.ts'
import { gatherRows, outcomesOf } from '../rows.ts'
import { aboutOne } from '../weights.ts'
import type { RoleModel } from './role-model.ts'

export type ExecutionInput = {
  readonly data: Dataset
  /** Events to learn from. */
  readonly events: Int32Array
  readonly columns: readonly FeatureColumn[]
  readonly options: ExecutionOptions
  readonly embargoMs: number
  readonly rng: Rng
  readonly watch?: Watch | undefined
  /** Threads that help; the trees do not depend on them. */
  readonly crew?: Crew | undefined
}

/**
 * The newest share of the training events, purged against the older ones, tells boosting when to stop. Scaling is learned from the
 * older ones alone.
 */
export function fitExecution(input: ExecutionInput): RoleModel {
  const { data, events, columns, options, embargoMs, rng, watch, crew } = input
  const { table } = data
  const inner = walkForward({
    start: Float64Array.from(events, event => data.events.time[event]!),
    end: Float64Array.from(events, event => data.events.end[event]!),
    folds: 0,
    holdoutShare: options.innerShare,
    embargoMs,
  })
  const raw = (chosen: Int32Array) => {
    const { rows, weight } = candidatesOf(
      data,
      chosen.map(at => events[at]!),
    )
    return { rows, weight, inputs: gatherRows(table, rows, EXECUTION_COLUMNS) }
  }
  const learn = raw(inner.fit)
  const prelude = fitPrelude(learn.inputs, learn.rows.length, columns, { logs: false })
  const setOf = ({ rows, weight, inputs }: ReturnType<typeof raw>): LearningSet => ({
    rows: prelude.transform(inputs, rows.length),
    count: rows.length,
    width: prelude.width,
    targets: outcomesOf(table, rows),
    weights: aboutOne(weight),
  })
  const { trees, depth, rate, l2, patience } = options
  const boosting = gradientBoosting({ loss: 'squared', trees, depth, rate, l2, patience })
  const model = boosting.fit(setOf(learn), { rng, validation: setOf(raw(inner.holdout)), watch, crew })
  return {
    zooId: model.kind,
    width: prelude.width,
    outputs: 1,
    predict: (rows, count) => model.predict(prelude.transform(rows, count), count),
    mapped: (rows, count) => prelude.transform(rows, count),
    parts: [prelude, model],
    baseline: false,
  }
}
