// Is a calibration error more than the noise of few outcomes? Fifteen bins of a hundred outcomes are never level, however honest the model.

import { calibrationBins } from '../math/calibration.ts'
import type { Numbers } from '../math/statistics.ts'
import { chiSquaredTail } from './chi-squared.ts'

export type CalibrationTest = {
  /** Expected calibration error as it was measured. */
  readonly ece: number
  /** What a model that is right about every chance would show with as many outcomes. */
  readonly expected: number
  /** Chance that the bins of such a model are as far off. */
  readonly p: number
}

/**
 * In a bin of n outcomes of chance q the observed share is about normal around q with variance v = q(1-q)/n: its distance from q is sqrt(2v/pi)
 * on average, and the squares of the distances over v sum to a chi-squared with one degree of freedom a bin (Hosmer and Lemeshow 1980; nothing
 * was fitted on these outcomes, so no degree is lost).
 *
 * @param scores stated chances
 * @param hits 1 or 0 each
 * @example calibrationTest([0.9, 0.9, 0.9, 0.9], [0, 0, 1, 0], 1).p < 0.01 // true
 */
export function calibrationTest(scores: Numbers, hits: Numbers, bins = 15): CalibrationTest {
  const found = calibrationBins({ scores, hits, bins })
  const total = found.reduce((sum, { mass }) => sum + mass, 0)
  let [ece, expected, squares] = [0, 0, 0]
  for (const { mass, stated, observed } of found) {
    const share = mass / total
    const noise = (stated * (1 - stated)) / mass
    const distance = Math.abs(stated - observed)
    ece += share * distance
    expected += share * Math.sqrt((2 * noise) / Math.PI)
    // What is stated as certain and does not come true is beyond chance.
    squares += distance === 0 ? 0 : (distance * distance) / noise
  }
  return { ece, expected, p: squares === Number.POSITIVE_INFINITY ? 0 : chiSquaredTail(squares, found.length) }
}
