// How far one distribution is from another: the measures of gate G7 (candidate against champion) and of drift (FBK-04).

import { type Numbers, quantileOfSorted, sorted } from './statistics.ts'

/** `0.5 * sum |p - q|`, between 0 and 1. */
export function totalVariation(p: Numbers, q: Numbers): number {
  let sum = 0
  for (let i = 0; i < p.length; i++) sum += Math.abs(p[i]! - q[i]!)
  return sum / 2
}

/** Shares raised to at least `floor` and scaled back to the sum 1. */
function floored(shares: Numbers, floor: number): Float64Array {
  const raised = Float64Array.from(shares, share => Math.max(share, floor))
  const total = raised.reduce((sum, share) => sum + share, 0)
  return raised.map(share => share / total)
}

/**
 * `sum p ln(p/q)` in nats, p the reference. Both are floored and renormalised, so that an empty class is far but not infinitely far.
 *
 * @example
 * klDivergence([0.5, 0.5], [0.25, 0.75]) // 0.1438...
 */
export function klDivergence(p: Numbers, q: Numbers, floor = 1e-6): number {
  const from = floored(p, floor)
  const to = floored(q, floor)
  let sum = 0
  for (let i = 0; i < from.length; i++) sum += from[i]! * Math.log(from[i]! / to[i]!)
  return sum
}

/** Population stability index `sum (q - p) ln(q/p)`: KL both ways. */
export function populationStability(p: Numbers, q: Numbers, floor = 1e-6): number {
  return klDivergence(p, q, floor) + klDivergence(q, p, floor)
}

/** The inner edges of `bins` bins of equal mass of the reference, equal edges merged. */
export function quantileEdges(reference: Numbers, bins = 10): Float64Array {
  const rising = sorted(reference)
  const edges = Array.from({ length: bins - 1 }, (_, i) => quantileOfSorted(rising, (i + 1) / bins))
  return Float64Array.from(new Set(edges))
}

/** Share of values per bin between rising edges (a value on an edge lies below it), each count raised by `smoothing`. */
export function histogramShares(values: Numbers, edges: Float64Array, smoothing = 0): Float64Array {
  const shares = new Float64Array(edges.length + 1).fill(smoothing)
  for (let i = 0; i < values.length; i++) {
    let low = 0
    let high = edges.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (edges[middle]! < values[i]!) low = middle + 1
      else high = middle
    }
    shares[low]!++
  }
  const total = values.length + smoothing * shares.length
  return shares.map(count => count / total)
}

export type Divergence = {
  readonly totalVariation: number
  readonly kl: number
  /** 95th percentiles over rows; those of scalar outputs equal the values, there is one histogram only. */
  readonly totalVariation95: number
  readonly kl95: number
}

/**
 * Class probabilities of two models on the same rows, row by row (G7).
 *
 * @param champion `count * classes`, row-major, as is `candidate`
 */
export function classDivergence(champion: Numbers, candidate: Numbers, classes: number): Divergence {
  const count = champion.length / classes
  const variations = new Float64Array(count)
  const kls = new Float64Array(count)
  const [p, q] = [new Float64Array(classes), new Float64Array(classes)]
  for (let row = 0; row < count; row++) {
    for (let k = 0; k < classes; k++) {
      p[k] = champion[row * classes + k]!
      q[k] = candidate[row * classes + k]!
    }
    variations[row] = totalVariation(p, q)
    kls[row] = klDivergence(p, q)
  }
  const average = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / count
  return {
    totalVariation: average(variations),
    kl: average(kls),
    totalVariation95: quantileOfSorted(variations.sort(), 0.95),
    kl95: quantileOfSorted(kls.sort(), 0.95),
  }
}

/** Scalar outputs of two models: histograms over the champion's deciles, +0.5 in each bin (G7). */
export function scalarDivergence(champion: Numbers, candidate: Numbers, bins = 10): Divergence {
  const edges = quantileEdges(champion, bins)
  const p = histogramShares(champion, edges, 0.5)
  const q = histogramShares(candidate, edges, 0.5)
  const [variation, kl] = [totalVariation(p, q), klDivergence(p, q)]
  return { totalVariation: variation, kl, totalVariation95: variation, kl95: kl }
}

/** Stability of a feature: live values over the quantile bins of the training values (FBK-04). */
export function driftOf(training: Numbers, live: Numbers, bins = 10): { readonly psi: number; readonly kl: number } {
  const edges = quantileEdges(training, bins)
  const p = histogramShares(training, edges, 0.5)
  const q = histogramShares(live, edges, 0.5)
  return { psi: populationStability(p, q), kl: klDivergence(p, q) }
}
