// Is a calibration error more than the noise of few outcomes? Fifteen bins of a hundred outcomes are never level, however honest the model.

import { calibrationBins } from '../math/calibration.ts'
import { normalCdf } from '../math/normal.ts'
import type { Numbers } from '../math/statistics.ts'

export type CalibrationTest = {
  /** Expected calibration error as it was measured. */
  readonly ece: number
  /** What a model that is right about every chance would show with as many outcomes. */
  readonly expected: number
  /** Chance that such a model shows this much. */
  readonly p: number
}

/**
 * In a bin of n outcomes of chance q the observed share is about normal around q with variance q(1-q)/n, so its distance from q is half-normal:
 * mean sqrt(2v/pi), variance v(1 - 2/pi). The error is the sum of the bins by mass; bins are independent.
 *
 * @param scores stated chances
 * @param hits 1 or 0 each
 * @example calibrationTest([0.9, 0.9, 0.9, 0.9], [0, 0, 1, 0], 1).p < 0.01 // true
 */
export function calibrationTest(scores: Numbers, hits: Numbers, bins = 15): CalibrationTest {
  const found = calibrationBins({ scores, hits, bins })
  const total = found.reduce((sum, { mass }) => sum + mass, 0)
  let [ece, expected, spread] = [0, 0, 0]
  for (const { mass, stated, observed } of found) {
    const share = mass / total
    const noise = (stated * (1 - stated)) / mass
    ece += share * Math.abs(stated - observed)
    expected += share * Math.sqrt((2 * noise) / Math.PI)
    spread += share * share * noise * (1 - 2 / Math.PI)
  }
  return { ece, expected, p: spread > 0 ? 1 - normalCdf((ece - expected) / Math.sqrt(spread)) : 1 }
}
