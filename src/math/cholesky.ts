// Symmetric positive definite matrices, row-major and small: the factor of Cholesky, its inverse, and products by it.

/**
 * The lower triangle L with L L' = matrix.
 *
 * @param matrix `n * n`, symmetric; only its lower triangle is read
 * @returns undefined where the matrix is not positive definite in double precision
 * @example
 * cholesky(Float64Array.of(4, 2, 2, 5), 2) // Float64Array [2, 0, 1, 2]
 */
export function cholesky(matrix: Float64Array, n: number): Float64Array | undefined {
  const lower = new Float64Array(n * n)
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      let rest = matrix[row * n + column]!
      for (let k = 0; k < column; k++) rest -= lower[row * n + k]! * lower[column * n + k]!
      if (row === column) {
        if (!(rest > 0)) return undefined
        lower[row * n + row] = Math.sqrt(rest)
      } else lower[row * n + column] = rest / lower[column * n + column]!
    }
  }
  return lower
}

/** The inverse of a lower triangle, a lower triangle itself: with it (x - mean) becomes white. */
export function invertLower(lower: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n)
  for (let column = 0; column < n; column++) {
    for (let row = column; row < n; row++) {
      let rest = row === column ? 1 : 0
      for (let k = column; k < row; k++) rest -= lower[row * n + k]! * inverse[k * n + column]!
      inverse[row * n + column] = rest / lower[row * n + row]!
    }
  }
  return inverse
}

/** Logarithm of the determinant of L L'. */
export function logDeterminant(lower: Float64Array, n: number): number {
  let sum = 0
  for (let i = 0; i < n; i++) sum += Math.log(lower[i * n + i]!)
  return 2 * sum
}

/** The inverse of a positive definite matrix; undefined where it is none. */
export function invertPositive(matrix: Float64Array, n: number): Float64Array | undefined {
  const lower = cholesky(matrix, n)
  if (lower === undefined) return undefined
  const white = invertLower(lower, n)
  const inverse = new Float64Array(n * n)
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = 0
      for (let k = row; k < n; k++) sum += white[k * n + row]! * white[k * n + column]!
      inverse[row * n + column] = inverse[column * n + row] = sum
    }
  }
  return inverse
}
