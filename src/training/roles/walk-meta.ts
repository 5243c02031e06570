// The classifier through the folds of the walk-forward. Each fold is calibrated on the predictions that earlier folds made of events
// they had not seen, so that no model is fitted for calibration alone (TRAIN-01).

import { walkForward } from '../../math/splits.ts'
import { type Calibration, fitCalibration } from '../../models/calibration/calibrate.ts'
import type { Dataset } from '../dataset.ts'
import type { JudgedEvents } from '../metrics/meta.ts'
import { aboutOne } from '../weights.ts'
import { type Forest, type ForestInput, fitForest, metaRows } from './forest.ts'
import type { RoleModel } from './role-model.ts'

export type WalkedMeta = {
  /** Fitted on the fit part, calibrated on all folds: what ships. */
  readonly model: RoleModel
  /** Fitted on the last fold's training part, for questions about validation rows. */
  readonly lastFold: RoleModel
  /** Calibrated probabilities of the validation events of each fold. */
  readonly folds: readonly JudgedEvents[]
}

export type WalkMetaInput = ForestInput & { readonly embargoMs: number }

/** Uncalibrated predictions of events by a forest that was not fitted on them. */
type Unseen = { readonly events: Int32Array; readonly probabilities: Float32Array }

const predictUnseen = (data: Dataset, forest: Forest, events: Int32Array): Unseen => ({
  events,
  probabilities: forest.predict(metaRows(data, events), events.length),
})

/** Predictions of the events among `allowed`, in order of time. */
function pool(parts: readonly Unseen[], allowed: Int32Array, classes: number): Unseen {
  const wanted = new Set(allowed)
  const events: number[] = []
  const rows: Float32Array[] = []
  for (const part of parts) {
    for (const [at, event] of part.events.entries()) {
      if (!wanted.has(event)) continue
      events.push(event)
      rows.push(part.probabilities.subarray(at * classes, (at + 1) * classes))
    }
  }
  const probabilities = new Float32Array(events.length * classes)
  for (const [at, row] of rows.entries()) probabilities.set(row, at * classes)
  return { events: Int32Array.from(events), probabilities }
}

/** Predictions of the newest training events by a forest of the older ones: what the first fold is calibrated on. */
function innerPredictions(input: WalkMetaInput, train: Int32Array): Unseen {
  const { data, options, embargoMs, rng } = input
  const { fit, holdout } = walkForward({
    start: Float64Array.from(train, event => data.events.time[event]!),
    end: Float64Array.from(train, event => data.events.end[event]!),
    folds: 0,
    holdoutShare: options.innerShare,
    embargoMs,
  })
  const forest = fitForest(
    { ...input, rng: rng.fork('inner') },
    fit.map(at => train[at]!),
  )
  return predictUnseen(
    data,
    forest,
    holdout.map(at => train[at]!),
  )
}

function calibrate(data: Dataset, { events, probabilities }: Unseen): Calibration {
  return fitCalibration({
    probabilities,
    count: events.length,
    classes: data.classes.length,
    targets: Uint8Array.from(events, event => data.events.label[event]!),
    weights: aboutOne(Float64Array.from(events, event => data.events.weight[event]!)),
  })
}

const calibrated = ({ prelude, model }: Forest, calibration: Calibration): RoleModel => ({
  zooId: model.kind,
  width: prelude.width,
  outputs: model.outputs,
  predict: (rows, count) => calibration.apply(model.predict(prelude.transform(rows, count), count), count),
  mapped: (rows, count) => prelude.transform(rows, count),
  parts: [prelude, model, calibration],
  baseline: false,
})

/**
 * @param watched what ships is fitted under its `watch`, the folds are not
 * @param onFit awaited after each forest, for progress and cancelling
 */
export async function walkMeta(watched: WalkMetaInput, onFit: () => Promise<void>): Promise<WalkedMeta> {
  const input = { ...watched, watch: undefined }
  const { data, rng } = input
  const classes = data.classes.length
  const unseen: Unseen[] = []
  const folds: JudgedEvents[] = []
  let lastFold: RoleModel | undefined
  for (const [k, { train, validate }] of data.split.folds.entries()) {
    const forest = fitForest({ ...input, rng: rng.fork(`fold ${k}`) }, train)
    // Only predictions whose labels the fold may know: the purge drops the rest. Where folds do not follow each other, the forests of others
    // have seen what this one is judged on.
    const earlier = data.scheme === 'combinatorial' ? undefined : pool(unseen, train, classes)
    const known = earlier === undefined || earlier.events.length === 0 ? innerPredictions(input, train) : earlier
    const raw = predictUnseen(data, forest, validate)
    const calibration = calibrate(data, known)
    unseen.push(raw)
    folds.push({ data, events: validate, probabilities: calibration.apply(raw.probabilities, validate.length) })
    lastFold = calibrated(forest, calibration)
    await onFit()
  }
  const forest = fitForest({ ...watched, rng: rng.fork('final') }, data.split.fit)
  const model = calibrated(forest, calibrate(data, pool(unseen, data.split.fit, classes)))
  await onFit()
  return { model, lastFold: lastFold ?? model, folds }
}
