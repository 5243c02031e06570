// Makes probabilities mean what they say: per class the correction with the lower honest log loss, then rows that sum to 1 (TRAIN-01).

import { Fault } from '../../base/fault.ts'
import type { Exportable } from '../graph.ts'
import { calibrationGraph } from './calibration-graph.ts'
import { type CalibrationState, type ClassCalibration, correct, SMALLEST_PROBABILITY } from './class-calibration.ts'
import { isotonic } from './isotonic.ts'
import { fitSigmoid, plattTargets } from './sigmoid.ts'

export interface Calibration extends Exportable {
  /** What was found best, per class. */
  readonly methods: readonly ClassCalibration['method'][]
  /** Row-major `count * classes` in and out; rows of the result sum to 1. */
  apply(probabilities: Float32Array, count: number): Float32Array
  save(): CalibrationState
}

export type CalibrationSet = {
  /** Row-major `count * classes`, predicted for rows the model was not fitted on, in order of time. */
  readonly probabilities: Float32Array
  readonly count: number
  readonly classes: number
  /** Class index, one a row. */
  readonly targets: ArrayLike<number>
  readonly weights?: Float64Array
}

/**
 * Each class against the rest: a method is fitted on one half in time and judged by log loss on the other, both ways;
 * the winner is fitted again on everything. The identity stays where neither beats it.
 */
export function fitCalibration({ probabilities, count, classes, targets, weights }: CalibrationSet): Calibration {
  if (count === 0) throw new Fault('TOO_FEW_ROWS', 'there is no row to calibrate on')
  if (probabilities.length !== count * classes || targets.length !== count) {
    throw new RangeError(`${count} rows of ${classes} do not fit ${probabilities.length} probabilities`)
  }
  const state = Array.from({ length: classes }, (_, k): ClassCalibration => {
    const scores = Float64Array.from({ length: count }, (_, row) => probabilities[row * classes + k]!)
    const labels = Float64Array.from({ length: count }, (_, row) => (targets[row] === k ? 1 : 0))
    return chooseMethod({ scores, labels, weights: weights ?? new Float64Array(count).fill(1) })
  })
  return calibrationOf({ classes: state })
}

/** A calibration from its saved state. */
export function calibrationOf(state: CalibrationState): Calibration {
  const { classes } = state
  return {
    methods: classes.map(({ method }) => method),
    apply(probabilities, count) {
      if (probabilities.length !== count * classes.length) {
        throw new RangeError(`${probabilities.length} values are not ${count} rows of ${classes.length}`)
      }
      const result = new Float32Array(probabilities.length)
      for (let start = 0; start < result.length; start += classes.length) {
        let total = 0
        for (const [k, own] of classes.entries()) {
          const corrected = Math.max(correct(own, probabilities[start + k]!), SMALLEST_PROBABILITY)
          result[start + k] = corrected
          total += corrected
        }
        for (let k = 0; k < classes.length; k++) result[start + k]! /= total
      }
      return result
    },
    save: () => state,
    toGraph: (input, prefix) => calibrationGraph(state, input, prefix),
  }
}

type Binary = { readonly scores: Float64Array; readonly labels: Float64Array; readonly weights: Float64Array }
type Method = ClassCalibration['method']

function fitMethod(method: Method, { scores, labels, weights }: Binary): ClassCalibration {
  if (method === 'identity') return { method }
  const smoothed = plattTargets(labels, weights)
  return method === 'isotonic'
    ? { method, ramps: isotonic(scores, smoothed, weights) }
    : { method, sigmoid: fitSigmoid(scores, smoothed, weights) }
}

function chooseMethod(rows: Binary): ClassCalibration {
  const middle = Math.floor(rows.scores.length / 2)
  const early = part(rows, 0, middle)
  const late = part(rows, middle, rows.scores.length)
  if (![early, late].every(hasBothLabels)) return { method: 'identity' }
  const loss = (method: Method) => logLoss(fitMethod(method, early), late) + logLoss(fitMethod(method, late), early)
  let best: Method = 'identity'
  let lowest = loss(best)
  for (const method of ['sigmoid', 'isotonic'] as const) {
    const own = loss(method)
    if (own < lowest) [best, lowest] = [method, own]
  }
  return fitMethod(best, rows)
}

const part = ({ scores, labels, weights }: Binary, from: number, to: number): Binary => ({
  scores: scores.subarray(from, to),
  labels: labels.subarray(from, to),
  weights: weights.subarray(from, to),
})

const hasBothLabels = ({ labels, weights }: Binary): boolean =>
  [0, 1].every(label => labels.some((own, row) => own === label && weights[row]! > 0))

function logLoss(calibration: ClassCalibration, { scores, labels, weights }: Binary): number {
  let loss = 0
  for (let row = 0; row < scores.length; row++) {
    const raw = correct(calibration, scores[row]!)
    const share = Math.min(Math.max(raw, SMALLEST_PROBABILITY), 1 - SMALLEST_PROBABILITY)
    loss -= weights[row]! * Math.log(labels[row] === 1 ? share : 1 - share)
  }
  return loss
}
