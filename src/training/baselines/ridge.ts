// Ridge regression on standardised columns: the linear model that the execution role has to beat (section 5).

import { mean, type Numbers, standardDeviation } from '../../math/statistics.ts'

export type RidgeSet = {
  /** Row-major; NaN counts as the column's mean. */
  readonly rows: Float32Array
  readonly width: number
  readonly targets: Numbers
  readonly weights: Float64Array
}

/** Solves A x = b for a symmetric positive definite A (Cholesky), overwriting both. */
function solve(a: Float64Array[], b: Float64Array): Float64Array {
  const n = b.length
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < j; k++) for (let i = j; i < n; i++) a[i]![j]! -= a[i]![k]! * a[j]![k]!
    const pivot = Math.sqrt(a[j]![j]!)
    for (let i = j; i < n; i++) a[i]![j]! /= pivot
  }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) b[i]! -= a[i]![k]! * b[k]!
    b[i]! /= a[i]![i]!
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) b[i]! -= a[k]![i]! * b[k]!
    b[i]! /= a[i]![i]!
  }
  return b
}

/**
 * Weighted least squares with the penalty `l2 * mean weight` on standardised coefficients (Hoerl and Kennard 1970).
 *
 * @returns predictions of rows of the same width
 * @example
 * fitRidge({ rows: Float32Array.of(1, 2, 3), width: 1, targets: [2, 4, 6], weights: Float64Array.of(1, 1, 1) }, 0)(Float32Array.of(4)) // [8]
 */
export function fitRidge({ rows, width, targets, weights }: RidgeSet, l2 = 1): (rows: Float32Array) => Float32Array {
  const count = targets.length
  const column = (i: number): Float64Array =>
    Float64Array.from({ length: count }, (_, row) => rows[row * width + i]!).filter(Number.isFinite)
  const centers = Float64Array.from({ length: width }, (_, i) => mean(column(i)) || 0)
  // A column that does not vary says nothing: its coefficient is 0.
  const scales = Float64Array.from({ length: width }, (_, i) => {
    const spread = standardDeviation(column(i))
    return spread > 0 ? 1 / spread : 0
  })
  const standard = (value: number, i: number): number =>
    Number.isFinite(value) ? (value - centers[i]!) * scales[i]! : 0
  let total = 0
  let intercept = 0
  for (let row = 0; row < count; row++) {
    total += weights[row]!
    intercept += weights[row]! * targets[row]!
  }
  intercept /= total
  const size = width + 1
  const gram = Array.from({ length: size }, (_, i) => {
    const line = new Float64Array(size)
    // The last unknown is the intercept's correction, unpenalised; a trace keeps constant columns solvable.
    line[i] = (i < width ? (l2 * total) / count : 0) + 1e-9 * total
    return line
  })
  const right = new Float64Array(size)
  const x = new Float64Array(size).fill(1)
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < width; i++) x[i] = standard(rows[row * width + i]!, i)
    for (let i = 0; i < size; i++) {
      right[i]! += weights[row]! * x[i]! * (targets[row]! - intercept)
      for (let j = 0; j <= i; j++) gram[i]![j]! += weights[row]! * x[i]! * x[j]!
    }
  }
  const solution = solve(gram, right)
  return asked =>
    Float32Array.from({ length: asked.length / width }, (_, row) => {
      let sum = intercept + solution[width]!
      for (let i = 0; i < width; i++) sum += solution[i]! * standard(asked[row * width + i]!, i)
      return sum
    })
}
