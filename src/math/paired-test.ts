// Is one model better than another on the same decisions? One-sided p-values by the paired stationary bootstrap (gate G10).

import { meanBlockLength } from './block-length.ts'
import { type BootstrapOptions, resampledMeans } from './bootstrap.ts'
import { mean, type Numbers } from './statistics.ts'

/** Share of centred resamples that reach what was observed; the 1 keeps it above 0 (Davison and Hinkley 1997, eq. 4.11). */
function exceedance(observed: number, resampled: (b: number) => number, resamples: number): number {
  let reached = 1
  for (let b = 0; b < resamples; b++) if (resampled(b) - observed >= observed) reached++
  return reached / (resamples + 1)
}

/**
 * How probable a mean difference this high would be if the true one were 0. Differences are taken pair by pair, so that what moves
 * both models alike cancels.
 *
 * @param differences candidate minus champion, higher is better
 * @example
 * pairedPValue([1, 1.2, 0.9, 1.1, 1], { rng: seededRng(1), meanBlock: 1 }) // 0.0001
 */
export function pairedPValue(differences: Numbers, options: BootstrapOptions): number {
  const means = resampledMeans([differences], options)[0]!
  return exceedance(mean(differences), b => means[b]!, means.length)
}

/**
 * The same question for the difference of two Sharpe ratios per period. NaN where a series does not vary.
 *
 * @param margin how much worse the candidate may be: below 0.05 the lower 95 % bound of the difference lies above minus the margin
 */
export function pairedSharpePValue(
  candidate: Numbers,
  champion: Numbers,
  options: BootstrapOptions,
  margin = 0,
): number {
  const square = (values: Numbers) => Float64Array.from(values, value => value * value)
  const columns = [candidate, square(candidate), champion, square(champion)]
  const sharpeOf = (first: number, second: number): number => first / Math.sqrt(second - first * first)
  const difference = ([a, aa, b, bb]: readonly number[]): number => sharpeOf(a!, aa!) - sharpeOf(b!, bb!) + margin
  const observed = difference(columns.map(mean))
  if (!Number.isFinite(observed)) return Number.NaN
  const gap = Float64Array.from(columns[0]!, (value, i) => value - champion[i]!)
  const means = resampledMeans(columns, { meanBlock: meanBlockLength(gap), ...options })
  return exceedance(observed, b => difference(means.map(column => column[b]!)), means[0]!.length)
}
