// A Gaussian hidden Markov model as numbers, and how likely a row is in each of its states.

import { Fault } from '../../base/fault.ts'
import { cholesky, invertLower, logDeterminant } from '../../math/cholesky.ts'

/** All row-major. */
export type HmmParameters = {
  readonly states: number
  readonly width: number
  /** Chance of each state at the first row of a sequence. */
  readonly initial: Float64Array
  /** `states * states`: from the row's state to the column's. */
  readonly transition: Float64Array
  /** `states * width`. */
  readonly means: Float64Array
  /** `states * width * width`. */
  readonly covariances: Float64Array
}

/** The parameters made ready for densities: ln N(x; mean, covariance) = constant - |white (x - mean)|^2 / 2. */
export type Emission = {
  readonly parameters: HmmParameters
  /** Per state the inverse of its Cholesky factor, a lower triangle. */
  readonly white: readonly Float64Array[]
  readonly constants: Float64Array
}

/** Faults: `MODEL_STATE_INVALID` where a covariance is not positive definite. */
export function emissionOf(parameters: HmmParameters): Emission {
  const { states, width, covariances } = parameters
  const square = width * width
  const factors = Array.from({ length: states }, (_, state) => {
    const factor = cholesky(covariances.subarray(state * square, (state + 1) * square), width)
    if (factor !== undefined) return factor
    throw new Fault('MODEL_STATE_INVALID', `the covariance of state ${state} is not positive definite`)
  })
  return {
    parameters,
    white: factors.map(factor => invertLower(factor, width)),
    constants: Float64Array.from(
      factors,
      factor => -0.5 * (width * Math.log(2 * Math.PI) + logDeterminant(factor, width)),
    ),
  }
}

/** Natural logarithm of the density of the row that begins at `at`, in one state. */
export function logDensity(
  { parameters, white, constants }: Emission,
  state: number,
  rows: Float64Array,
  at: number,
): number {
  const { width, means } = parameters
  const matrix = white[state]!
  let squares = 0
  for (let row = 0; row < width; row++) {
    let value = 0
    for (let k = 0; k <= row; k++) value += matrix[row * width + k]! * (rows[at + k]! - means[state * width + k]!)
    squares += value * value
  }
  return constants[state]! - 0.5 * squares
}
