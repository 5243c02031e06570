// A Gaussian process over the unit cube (Rasmussen and Williams 2006, chapters 2 and 5): Matern 5/2, one length a dimension, lengths and
// noise by the largest marginal likelihood.

import { cholesky, invertLower, logDeterminant } from '../../math/cholesky.ts'
import { mean, standardDeviation } from '../../math/statistics.ts'

export type Observation = { readonly unit: readonly number[]; readonly value: number }

export interface Surrogate {
  /** Mean and standard deviation at a place, in the unit of the values. */
  at(unit: readonly number[]): { readonly mean: number; readonly sd: number }
  /** The same process with more observations; lengths and noise stay. */
  with(more: readonly Observation[]): Surrogate
}

type Shape = { readonly lengths: readonly number[]; readonly noise: number }

const LENGTHS = [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2]
const NOISES = [1e-6, 1e-4, 1e-2, 1e-1, 0.5]
const PASSES = 2
const ROOT_FIVE = Math.sqrt(5)

function matern(a: readonly number[], b: readonly number[], lengths: readonly number[]): number {
  let squares = 0
  for (let i = 0; i < lengths.length; i++) squares += ((a[i]! - b[i]!) / lengths[i]!) ** 2
  const r = ROOT_FIVE * Math.sqrt(squares)
  return (1 + r + (r * r) / 3) * Math.exp(-r)
}

function covariance(units: readonly (readonly number[])[], { lengths, noise }: Shape): Float64Array {
  const n = units.length
  const matrix = new Float64Array(n * n)
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      const value = matern(units[row]!, units[column]!, lengths)
      matrix[row * n + column] = matrix[column * n + row] = value
    }
    matrix[row * n + row]! += noise
  }
  return matrix
}

/** `white * y`, with which products by the inverse covariance are plain sums. */
function whiten(white: Float64Array, y: ArrayLike<number>, n: number): Float64Array {
  const out = new Float64Array(n)
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) out[row]! += white[row * n + column]! * y[column]!
  }
  return out
}

/** Log marginal likelihood of standardised values, without its constant. */
function likelihood(units: readonly (readonly number[])[], y: Float64Array, shape: Shape): number {
  const n = units.length
  const lower = cholesky(covariance(units, shape), n)
  if (lower === undefined) return -Infinity
  // Forward substitution is all the quadratic form needs.
  const z = new Float64Array(n)
  let squares = 0
  for (let row = 0; row < n; row++) {
    let rest = y[row]!
    for (let column = 0; column < row; column++) rest -= lower[row * n + column]! * z[column]!
    z[row] = rest / lower[row * n + row]!
    squares += z[row]! ** 2
  }
  return -0.5 * squares - 0.5 * logDeterminant(lower, n)
}

/** One coordinate after the other over a fixed ladder: no gradient to go astray, the same on every machine. */
function fitShape(units: readonly (readonly number[])[], y: Float64Array): Shape {
  let shape: Shape = { lengths: units[0]!.map(() => 0.4), noise: 1e-4 }
  let best = likelihood(units, y, shape)
  const attempt = (next: Shape): void => {
    const found = likelihood(units, y, next)
    if (found <= best) return
    best = found
    shape = next
  }
  for (let pass = 0; pass < PASSES; pass++) {
    for (const at of shape.lengths.keys()) {
      for (const length of LENGTHS) attempt({ ...shape, lengths: shape.lengths.with(at, length) })
    }
    for (const noise of NOISES) attempt({ ...shape, noise })
  }
  return shape
}

function processOf(known: readonly Observation[], shape: Shape, center: number, scale: number): Surrogate {
  const units = known.map(({ unit }) => unit)
  const n = known.length
  const y = Float64Array.from(known, ({ value }) => (value - center) / scale)
  const lower = cholesky(covariance(units, shape), n)
  if (lower === undefined) throw new Error('a covariance with noise on its diagonal is positive definite')
  const white = invertLower(lower, n)
  const weights = whiten(white, y, n)
  return {
    at(unit) {
      const near = whiten(
        white,
        units.map(own => matern(own, unit, shape.lengths)),
        n,
      )
      let sum = 0
      let explained = 0
      for (let i = 0; i < n; i++) {
        sum += near[i]! * weights[i]!
        explained += near[i]! ** 2
      }
      return { mean: center + scale * sum, sd: scale * Math.sqrt(Math.max(0, 1 - explained)) }
    },
    with: more => processOf([...known, ...more], shape, center, scale),
  }
}

/**
 * @param known at least two observations
 * @example
 * fitSurrogate([{ unit: [0], value: 1 }, { unit: [1], value: 2 }]).at([0]).mean // 1.0…
 */
export function fitSurrogate(known: readonly Observation[]): Surrogate {
  const values = known.map(({ value }) => value)
  const center = mean(values)
  const scale = standardDeviation(values) || 1
  const units = known.map(({ unit }) => unit)
  const shape = fitShape(
    units,
    Float64Array.from(values, value => (value - center) / scale),
  )
  return processOf(known, shape, center, scale)
}
