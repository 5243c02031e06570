// The classifier before calibration: prelude and random forest on the rows of the strongest candidates (TRAIN-01).

import type { Rng } from '../../base/rng.ts'
import type { FeatureColumn } from '../../market/feature-schema.ts'
import { META_COLUMNS } from '../../market/roles.ts'
import type { Crew } from '../../models/crew.ts'
import type { FittedModel } from '../../models/model.ts'
import { fitPrelude, type Prelude } from '../../models/prelude.ts'
import { randomForest } from '../../models/trees/random-forest.ts'
import type { Watch } from '../../models/watch.ts'
import type { Dataset } from '../dataset.ts'
import type { MetaOptions } from '../options.ts'
import { gatherRows } from '../rows.ts'

export type ForestInput = {
  readonly data: Dataset
  readonly columns: readonly FeatureColumn[]
  readonly options: MetaOptions
  readonly rng: Rng
  readonly watch?: Watch | undefined
  /** Threads that help; the trees do not depend on them. */
  readonly crew?: Crew | undefined
}

export type Forest = {
  readonly prelude: Prelude
  readonly model: FittedModel
  /** Class shares of raw rows, not calibrated. */
  predict(rows: Float32Array, count: number): Float32Array
}

/** Raw rows of the meta role of the given events. */
export function metaRows({ events, table }: Dataset, chosen: Int32Array): Float32Array {
  return gatherRows(
    table,
    chosen.map(event => events.strongest[event]!),
    META_COLUMNS,
  )
}

/** @param events the events to learn from: all that the scaling and the trees ever see */
export function fitForest({ data, columns, options, rng, watch, crew }: ForestInput, events: Int32Array): Forest {
  const raw = metaRows(data, events)
  const prelude = fitPrelude(raw, events.length, columns, { logs: false })
  const { trees, depth, minSplit, minLeaf, features, classWeight } = options
  const model = randomForest({ trees, depth, minSplit, minLeaf, features, classWeight }).fit(
    {
      rows: prelude.transform(raw, events.length),
      count: events.length,
      width: prelude.width,
      targets: Float32Array.from(events, event => data.events.label[event]!),
      weights: Float64Array.from(events, event => data.events.weight[event]!),
      classes: data.classes.length,
    },
    { rng, watch, crew },
  )
  return { prelude, model, predict: (rows, count) => model.predict(prelude.transform(rows, count), count) }
}
