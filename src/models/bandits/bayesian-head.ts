// Bayesian linear regression that is updated outcome by outcome: A = I + sum phi phi', mean = phi' A^-1 b (UCB-01).

import type { HeadState } from './bandit.ts'

/** Squared R that noise is taken to have until enough outcomes say otherwise, and how many outcomes that belief weighs. */
const NOISE = 1
const NOISE_OUTCOMES = 10

export function emptyHead(size: number, curvature = 0): HeadState {
  return {
    count: 0,
    inverse: Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0)),
    products: Array<number>(size).fill(0),
    squares: 0,
    curvature: Array<number>(curvature).fill(1),
  }
}

/** A^-1 phi. */
function solved({ inverse }: HeadState, phi: Float64Array): Float64Array {
  const size = phi.length
  const result = new Float64Array(size)
  for (let row = 0; row < size; row++) {
    let sum = 0
    for (let k = 0; k < size; k++) sum += inverse[row * size + k]! * phi[k]!
    result[row] = sum
  }
  return result
}

/** The head after one more outcome: A^-1 by the formula of Sherman and Morrison (1950). */
export function headWith(head: HeadState, phi: Float64Array, reward: number): HeadState {
  const size = phi.length
  const direction = solved(head, phi)
  let bend = 1
  for (let k = 0; k < size; k++) bend += phi[k]! * direction[k]!
  const inverse = head.inverse.slice()
  for (let row = 0; row < size; row++) {
    for (let k = 0; k <= row; k++) {
      const value = inverse[row * size + k]! - (direction[row]! * direction[k]!) / bend
      inverse[row * size + k] = inverse[k * size + row] = value
    }
  }
  return {
    count: head.count + 1,
    inverse,
    products: head.products.map((sum, k) => sum + phi[k]! * reward),
    squares: head.squares + reward * reward,
    curvature: head.curvature,
  }
}

/** A^-1 b, the weights of the mean. */
export const headWeights = (head: HeadState): Float64Array => solved(head, Float64Array.from(head.products))

/** phi' A^-1 b and phi' A^-1 phi. */
export function headAnswer(head: HeadState, phi: Float64Array): { readonly mean: number; readonly spread: number } {
  const direction = solved(head, phi)
  let mean = 0
  let spread = 0
  for (let k = 0; k < phi.length; k++) {
    mean += direction[k]! * head.products[k]!
    spread += direction[k]! * phi[k]!
  }
  return { mean, spread: Math.max(0, spread) }
}

/**
 * Variance of the rewards around the regression, in squared R: the mean of what is believed and of what the residuals say, by weight.
 * Below ten outcomes only the belief counts (UCB-02).
 */
export function noiseVariance(head: HeadState): number {
  if (head.count < NOISE_OUTCOMES) return NOISE
  const weights = headWeights(head)
  let explained = 0
  for (const [k, weight] of weights.entries()) explained += weight * head.products[k]!
  // b'A^-1 b is what the regression explains of the squares, the price of its weights included.
  const residual = Math.max(0, head.squares - explained)
  return (NOISE_OUTCOMES * NOISE + residual) / (NOISE_OUTCOMES + head.count)
}
