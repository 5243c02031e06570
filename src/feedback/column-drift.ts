// How far the rows that come in now are from those that a model learned from, column by column (FBK-04): PSI and KL over the deciles of training,
// and whether that is more than neighbouring rows, which resemble each other, would show by themselves.

import { driftOf, quantileEdges } from '../math/divergence.ts'
import { normalCdf } from '../math/normal.ts'
import { mean, type Numbers, variance } from '../math/statistics.ts'
import { chiSquaredTail } from './chi-squared.ts'
import type { DriftLimits } from './drift-limits.ts'
import type { DriftSignal } from './signal.ts'

export type ColumnDrift = {
  readonly column: string
  readonly psi: number
  readonly kl: number
  /** Rows that would carry as much information if none resembled its neighbour. */
  readonly effective: number
  /** Chance of such a PSI, or of means so far apart, without drift. */
  readonly p: number
}

export type ColumnPair = {
  readonly column: string
  /** In order of time. */
  readonly training: Numbers
  readonly live: Numbers
}

/** Lags beyond this share of the sample are noise, and beyond this number too long to wait for. */
const LONGEST = { share: 0.25, lag: 1000 }

/**
 * 1 + 2 * the sum of autocorrelations up to the first that is not positive (Geyer 1992, the initial positive sequence by single lags).
 *
 * @returns rows per independent row, at least 1
 * @example correlationTime([1, -1, 1, -1]) // 1
 */
export function correlationTime(values: Numbers): number {
  const center = mean(values)
  const n = values.length
  let whole = 0
  for (let i = 0; i < n; i++) whole += (values[i]! - center) ** 2
  if (!(whole > 0)) return 1
  let time = 1
  const longest = Math.min(n * LONGEST.share, LONGEST.lag)
  for (let lag = 1; lag <= longest; lag++) {
    let product = 0
    for (let i = lag; i < n; i++) product += (values[i]! - center) * (values[i - lag]! - center)
    if (product <= 0) break
    time += (2 * product) / whole
  }
  return time
}

/** Two-sided chance that means of `n` and `m` independent rows of one distribution are as far apart. */
function meansApartP(training: Numbers, live: Numbers, [n, m]: readonly [number, number]): number {
  const spread = Math.sqrt(variance(training) * (1 / n + 1 / m))
  return spread > 0 ? 2 * normalCdf(-Math.abs(mean(live) - mean(training)) / spread) : 1
}

/**
 * Under no drift PSI * nm/(n+m) is about chi-squared with as many degrees of freedom as there are inner edges (Yurdakul 2018); n and m are
 * effective rows. That test is for any change of shape and weak for a mere shift, so the means are asked too, and the two p-values are
 * halved in worth (Bonferroni).
 */
export function columnDrift({ column, training, live }: ColumnPair, bins = 10): ColumnDrift {
  const { psi, kl } = driftOf(training, live, bins)
  // The longer sample knows best how long a value stays.
  const time = correlationTime(training)
  const [n, m] = [training.length / time, live.length / time]
  const shape = chiSquaredTail((psi * n * m) / (n + m), quantileEdges(training, bins).length)
  return { column, psi, kl, effective: m, p: Math.min(1, 2 * Math.min(shape, meansApartP(training, live, [n, m]))) }
}

/** Largest p that is still significant when a share of `level` of all alarms may be false (Benjamini and Hochberg 1995); 0 for none. */
export function falseDiscoveryLimit(ps: readonly number[], level: number): number {
  const rising = [...ps].sort((a, b) => a - b)
  const last = rising.findLastIndex((p, place) => p <= ((place + 1) / rising.length) * level)
  return last < 0 ? 0 : rising[last]!
}

/**
 * A column alarms where it is beyond a limit and that is no chance; with many columns alarms share one allowance of false ones.
 *
 * @example columnSignals(pairs.map(pair => columnDrift(pair)), DRIFT_LIMITS)
 */
export function columnSignals(columns: readonly ColumnDrift[], live: number, limits: DriftLimits): DriftSignal[] {
  const { psiWarn, psiTrigger, klWarn, klTrigger, minOutcomes, minReported, falseDiscovery } = limits
  if (live < minReported) return []
  const sure = falseDiscoveryLimit(
    columns.map(({ p }) => p),
    falseDiscovery,
  )
  return columns.flatMap(({ column, psi, kl, p, effective }) => {
    if (p > sure) return []
    const signal = (detector: 'psi' | 'kl', value: number, warn: number, trigger: number): DriftSignal[] => {
      if (value < warn) return []
      const level = value >= trigger && live >= minOutcomes ? 'trigger' : 'warn'
      const rows = `${live} rows, ${effective.toFixed(0)} of them independent`
      const sentence = `${detector.toUpperCase()} of ${column} ${value.toFixed(3)} on ${rows}`
      return [{ detector, level, column, value, limit: level === 'warn' ? warn : trigger, n: live, sentence }]
    }
    return [...signal('psi', psi, psiWarn, psiTrigger), ...signal('kl', kl, klWarn, klTrigger)]
  })
}
