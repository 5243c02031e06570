// Do stated probabilities come true? Expected calibration error over bins of equal mass (MET-01, FBK-04).

import { type Numbers, sortOrder } from './statistics.ts'

export type CalibrationBin = {
  /** Total weight of the bin. */
  readonly mass: number
  /** Mean stated probability. */
  readonly stated: number
  /** Share that came true. */
  readonly observed: number
}

export type Calibrated = {
  /** Stated probability per row. */
  readonly scores: Numbers
  /** 1 or 0 per row. */
  readonly hits: Numbers
  readonly weights?: Numbers | undefined
  readonly bins?: number
}

/**
 * At most `bins` bins of about equal mass, lowest probability first. Rows with one probability stay in one bin: splitting them
 * would measure the noise of their outcomes.
 */
export function calibrationBins({ scores, hits, weights, bins = 15 }: Calibrated): CalibrationBin[] {
  const order = sortOrder(scores)
  const weightOf = (row: number): number => weights?.[row] ?? 1
  let total = 0
  for (let row = 0; row < scores.length; row++) total += weightOf(row)
  const result: CalibrationBin[] = []
  let [seen, mass, stated, observed] = [0, 0, 0, 0]
  for (let place = 0; place < order.length; place++) {
    const row = order[place]!
    mass += weightOf(row)
    stated += weightOf(row) * scores[row]!
    observed += weightOf(row) * hits[row]!
    const tied = place + 1 < order.length && scores[order[place + 1]!] === scores[row]
    // A whole number of bins' worth of mass is reached; the tolerance is for sums of fractional weights.
    const full = seen + mass >= (Math.floor((seen * bins) / total + 1e-9) + 1) * (total / bins) - total * 1e-12
    if (tied || (!full && place + 1 < order.length)) continue
    if (mass > 0) result.push({ mass, stated: stated / mass, observed: observed / mass })
    seen += mass
    mass = stated = observed = 0
  }
  return result
}

/**
 * Expected calibration error: mean distance of stated and observed over the bins, by mass. NaN for no rows.
 *
 * @example
 * calibrationError({ scores: [0.5, 0.5, 0.5, 0.5], hits: [1, 0, 1, 1] }) // 0.25
 */
export function calibrationError(input: Calibrated): number {
  let sum = 0
  let total = 0
  for (const { mass, stated, observed } of calibrationBins(input)) {
    sum += mass * Math.abs(stated - observed)
    total += mass
  }
  return sum / total
}
