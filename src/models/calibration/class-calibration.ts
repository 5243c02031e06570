// The correction of one class's probability: one of three methods, as plain data.

import { type Ramps, valueAt } from './ramps.ts'
import { type Sigmoid, sigmoidAt } from './sigmoid.ts'

export type ClassCalibration =
  | { readonly method: 'identity' }
  | { readonly method: 'isotonic'; readonly ramps: Ramps }
  | { readonly method: 'sigmoid'; readonly sigmoid: Sigmoid }

export type CalibrationState = { readonly classes: readonly ClassCalibration[] }

/** No class is impossible: what a calibrated probability is at least, before rows are made to sum to 1. */
export const SMALLEST_PROBABILITY = Math.fround(1e-6)

/** The corrected probability of the class against the rest, not yet floored. */
export function correct(calibration: ClassCalibration, probability: number): number {
  if (calibration.method === 'isotonic') return valueAt(calibration.ramps, probability)
  if (calibration.method === 'sigmoid') return sigmoidAt(calibration.sigmoid, probability)
  return probability
}
