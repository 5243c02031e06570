// Covariance matrix adaptation evolution strategy, with the constants of Hansen's tutorial (2016, figure 6 and table 1). Its state is made
// again from the trials of earlier generations, so there is nothing to save but them.

import type { Rng } from '../../../base/rng.ts'
import { symmetricEigen } from '../../../math/symmetric-eigen.ts'
import { atFullEffort, nextNumbers, type SearchMethod } from '../method.ts'
import type { Trial } from '../trial.ts'

const START_SIGMA = 0.3
/** Draws outside the cube are drawn again this often before they are put on its edge. */
const REDRAWS = 20

/** Population size of so many dimensions. */
const populationOf = (n: number): number => 4 + Math.floor(3 * Math.log(n))

type State = {
  mean: Float64Array
  sigma: number
  covariance: Float64Array
  /** Evolution paths of the step size and of the covariance. */
  stepPath: Float64Array
  path: Float64Array
  generation: number
}

/** Square root of the covariance and of its inverse, by eigenvectors. */
function roots(covariance: Float64Array, n: number): { readonly root: Float64Array; readonly inverse: Float64Array } {
  const { values, vectors } = symmetricEigen(covariance, n)
  const root = new Float64Array(n * n)
  const inverse = new Float64Array(n * n)
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < n; column++) {
      for (let k = 0; k < n; k++) {
        const length = Math.sqrt(Math.max(values[k]!, 1e-20))
        const both = vectors[row * n + k]! * vectors[column * n + k]!
        root[row * n + column]! += both * length
        inverse[row * n + column]! += both / length
      }
    }
  }
  return { root, inverse }
}

const times = (matrix: Float64Array, vector: Float64Array): Float64Array =>
  vector.map((_, row) => vector.reduce((sum, value, column) => sum + matrix[row * vector.length + column]! * value, 0))

const norm = (vector: Float64Array): number => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))

function start(n: number): State {
  const covariance = new Float64Array(n * n)
  for (let i = 0; i < n; i++) covariance[i * n + i] = 1
  return {
    mean: new Float64Array(n).fill(0.5),
    sigma: START_SIGMA,
    covariance,
    stepPath: new Float64Array(n),
    path: new Float64Array(n),
    generation: 0,
  }
}

/** Logarithmic weights of the better half, summing to 1, and how many equal ones they are worth. */
function recombination(lambda: number): { readonly weights: number[]; readonly worth: number } {
  const mu = Math.floor(lambda / 2)
  const raw = Array.from({ length: mu }, (_, i) => Math.log((lambda + 1) / 2) - Math.log(i + 1))
  const total = raw.reduce((sum, weight) => sum + weight, 0)
  const weights = raw.map(weight => weight / total)
  return { weights, worth: 1 / weights.reduce((sum, weight) => sum + weight * weight, 0) }
}

function after(state: State, generation: readonly Trial[]): State {
  const n = state.mean.length
  const { weights, worth } = recombination(generation.length)
  const ranked = [...generation].sort((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity) || a.number - b.number)
  const steps = weights.map((_, i) =>
    Float64Array.from(ranked[i]!.unit, (place, at) => (place - state.mean[at]!) / state.sigma),
  )
  const step = new Float64Array(n)
  for (const [i, weight] of weights.entries()) for (let at = 0; at < n; at++) step[at]! += weight * steps[i]![at]!

  const cSigma = (worth + 2) / (n + worth + 5)
  const damping = 1 + 2 * Math.max(0, Math.sqrt((worth - 1) / (n + 1)) - 1) + cSigma
  const cPath = (4 + worth / n) / (n + 4 + (2 * worth) / n)
  const cOne = 2 / ((n + 1.3) ** 2 + worth)
  const cMu = Math.min(1 - cOne, (2 * (worth - 2 + 1 / worth)) / ((n + 2) ** 2 + worth))
  const expected = Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n))

  const white = times(roots(state.covariance, n).inverse, step)
  const stepPath = state.stepPath.map(
    (value, at) => (1 - cSigma) * value + Math.sqrt(cSigma * (2 - cSigma) * worth) * white[at]!,
  )
  const count = state.generation + 1
  const length = norm(stepPath)
  const straight = length / Math.sqrt(1 - (1 - cSigma) ** (2 * count)) < (1.4 + 2 / (n + 1)) * expected
  const path = state.path.map(
    (value, at) => (1 - cPath) * value + (straight ? Math.sqrt(cPath * (2 - cPath) * worth) * step[at]! : 0),
  )
  const stall = straight ? 0 : cPath * (2 - cPath)
  const covariance = state.covariance.map((value, place) => {
    const row = Math.floor(place / n)
    const column = place % n
    const spread = weights.reduce((sum, weight, i) => sum + weight * steps[i]![row]! * steps[i]![column]!, 0)
    return (1 - cOne - cMu + cOne * stall) * value + cOne * path[row]! * path[column]! + cMu * spread
  })
  return {
    mean: state.mean.map((value, at) => Math.min(1, Math.max(0, value + state.sigma * step[at]!))),
    sigma: Math.min(1, state.sigma * Math.exp((cSigma / damping) * (length / expected - 1))),
    covariance,
    stepPath,
    path,
    generation: count,
  }
}

function draw(state: State, root: Float64Array, rng: Rng): number[] {
  const n = state.mean.length
  for (let attempt = 0; ; attempt++) {
    const step = times(
      root,
      Float64Array.from({ length: n }, () => rng.normal()),
    )
    const unit = Array.from(state.mean, (value, at) => value + state.sigma * step[at]!)
    if (unit.every(place => place >= 0 && place <= 1)) return unit
    if (attempt === REDRAWS) return unit.map(place => Math.min(1, Math.max(0, place)))
  }
}

export const cmaEs: SearchMethod = {
  name: 'cma-es',
  stopsEarly: true,
  propose(ask) {
    const n = Object.keys(ask.space).length
    const lambda = populationOf(n)
    let state = start(n)
    for (let from = 0; from + lambda <= ask.trials.length; from += lambda) {
      state = after(state, ask.trials.slice(from, from + lambda))
    }
    const { root } = roots(state.covariance, n)
    return nextNumbers(ask, lambda).map(number => atFullEffort(draw(state, root, ask.rng.fork(`trial ${number}`))))
  },
}
