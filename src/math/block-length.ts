// Mean block length of the stationary bootstrap, chosen from the data (Politis and White 2004, corrected by Patton, Politis and
// White 2009): long-run dependence asks for long blocks, independent data for blocks of about one.

import { mean, type Numbers } from './statistics.ts'

/** Autocovariances of lags 0..lags, each divided by n. */
function autocovariances(values: Numbers, lags: number): Float64Array {
  const center = mean(values)
  const result = new Float64Array(lags + 1)
  for (let lag = 0; lag <= lags; lag++) {
    let sum = 0
    for (let i = lag; i < values.length; i++) sum += (values[i]! - center) * (values[i - lag]! - center)
    result[lag] = sum / values.length
  }
  return result
}

/** The first lag from which `run` autocorrelations in a row are insignificant, or undefined. */
function firstQuietLag(covariances: Float64Array, run: number, bound: number): number | undefined {
  let quiet = 0
  for (let lag = 1; lag < covariances.length; lag++) {
    quiet = Math.abs(covariances[lag]! / covariances[0]!) < bound ? quiet + 1 : 0
    if (quiet === run) return lag - run + 1
  }
  return undefined
}

/**
 * @returns the mean block length, at least 1 and at most min(3 sqrt(n), n/3)
 * @example
 * meanBlockLength([1, 1, 1, 1]) // 1
 */
export function meanBlockLength(values: Numbers): number {
  const n = values.length
  if (n < 4) return 1
  const run = Math.max(5, Math.floor(Math.log10(n)))
  const longest = Math.min(n - 1, Math.ceil(Math.sqrt(n)) + run)
  const covariances = autocovariances(values, longest)
  if (!(covariances[0]! > 0)) return 1
  const quiet = firstQuietLag(covariances, run, 2 * Math.sqrt(Math.log10(n) / n))
  const bandwidth = Math.min(longest, quiet === undefined ? longest : 2 * quiet)
  // Sums of the flat-top lag window over k and -k.
  let spread = 0
  let longRunVariance = covariances[0]!
  for (let k = 1; k <= bandwidth; k++) {
    const window = k / bandwidth <= 0.5 ? 1 : 2 * (1 - k / bandwidth)
    spread += 2 * window * k * covariances[k]!
    longRunVariance += 2 * window * covariances[k]!
  }
  // b = (2 G^2 / D)^(1/3) n^(1/3) with D = 2 g(0)^2 for the stationary bootstrap (Patton et al. 2009).
  const length = ((spread * spread) / (longRunVariance * longRunVariance)) ** (1 / 3) * n ** (1 / 3)
  return Math.max(1, Math.min(length, Math.ceil(Math.min(3 * Math.sqrt(n), n / 3))))
}
