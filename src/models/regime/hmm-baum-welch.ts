// One round of Baum and Welch (1970) over several sequences: the parameters that make the expected states likeliest. Every step is an
// exact maximum within the floors, so the likelihood never falls.

import { floorEigenvalues } from '../../math/symmetric-eigen.ts'
import { filterSequence } from './hmm-forward.ts'
import { emissionOf, type HmmParameters } from './hmm-parameters.ts'
import { smoothed } from './hmm-smoothing.ts'

/** No move and no start is less likely: the filter's chances stay above the smallest float32 of the exported graph. */
const LEAST_CHANCE = 1e-8

export type BaumWelchRound = {
  readonly parameters: HmmParameters
  /** Of the parameters that the round began with. */
  readonly logLikelihood: number
}

type Expected = {
  readonly starts: Float64Array
  readonly moves: Float64Array
  readonly weights: Float64Array
  /** Weighted sums of the rows and of their products, about the old means. */
  readonly sums: Float64Array
  readonly products: Float64Array
}

/**
 * @param floor least eigenvalue of a covariance
 */
export function baumWelchRound(
  parameters: HmmParameters,
  sequences: readonly Float64Array[],
  floor: number,
): BaumWelchRound {
  const { states, width } = parameters
  const emission = emissionOf(parameters)
  const expected: Expected = {
    starts: new Float64Array(states),
    moves: new Float64Array(states * states),
    weights: new Float64Array(states),
    sums: new Float64Array(states * width),
    products: new Float64Array(states * width * width),
  }
  let logLikelihood = 0
  for (const rows of sequences) {
    const filtered = filterSequence(emission, rows)
    logLikelihood += filtered.logLikelihood
    const chances = smoothed(emission, filtered, expected.moves)
    for (let state = 0; state < states; state++) expected.starts[state]! += chances[state]!
    collect(parameters, rows, chances, expected)
  }
  return { parameters: maximised(parameters, expected, floor), logLikelihood }
}

function collect(
  { states, width, means }: HmmParameters,
  rows: Float64Array,
  chances: Float64Array,
  to: Expected,
): void {
  const centred = new Float64Array(width)
  for (let row = 0; row < rows.length / width; row++) {
    for (let state = 0; state < states; state++) {
      const weight = chances[row * states + state]!
      to.weights[state]! += weight
      for (let c = 0; c < width; c++) centred[c] = rows[row * width + c]! - means[state * width + c]!
      for (let c = 0; c < width; c++) {
        const weighted = weight * centred[c]!
        to.sums[state * width + c]! += weighted
        const line = (state * width + c) * width
        for (let k = 0; k <= c; k++) to.products[line + k]! += weighted * centred[k]!
      }
    }
  }
}

function maximised(
  old: HmmParameters,
  { starts, moves, weights, sums, products }: Expected,
  floor: number,
): HmmParameters {
  const { states, width } = old
  const means = old.means.slice()
  const covariances = old.covariances.slice()
  const transition = old.transition.slice()
  const square = width * width
  for (let state = 0; state < states; state++) {
    const line = moves.subarray(state * states, (state + 1) * states)
    if (line.some(count => count > 0)) transition.set(chancesOf(line), state * states)
    const weight = weights[state]!
    // A state that no row is in has no better parameters than the ones it has.
    if (!(weight > 1e-8)) continue
    const shift = Float64Array.from({ length: width }, (_, c) => sums[state * width + c]! / weight)
    const covariance = new Float64Array(square)
    for (let c = 0; c < width; c++) {
      means[state * width + c]! += shift[c]!
      for (let k = 0; k <= c; k++) {
        const value = products[state * square + c * width + k]! / weight - shift[c]! * shift[k]!
        covariance[c * width + k] = covariance[k * width + c] = value
      }
    }
    covariances.set(floorEigenvalues(covariance, width, floor), state * square)
  }
  return { states, width, initial: chancesOf(starts), transition, means, covariances }
}

/**
 * Shares of the counts, none below the least chance: those below are raised to it and the others share the rest, which is the likeliest
 * distribution under that limit.
 */
function chancesOf(counts: Float64Array): Float64Array {
  const low = new Set<number>()
  for (;;) {
    const free = 1 - low.size * LEAST_CHANCE
    let total = 0
    for (const [i, count] of counts.entries()) if (!low.has(i)) total += count
    const chances = counts.map((count, i) => (low.has(i) ? LEAST_CHANCE : (free * count) / total))
    const fallen = chances.findIndex((chance, i) => !low.has(i) && chance < LEAST_CHANCE)
    if (fallen < 0) return chances
    low.add(fallen)
  }
}
