// Eigenvalues of small symmetric matrices by the cyclic rotations of Jacobi (Golub and Van Loan, Matrix Computations, 8.5).

export type SymmetricEigen = {
  readonly values: Float64Array
  /** Row-major; column j is the unit vector of value j. */
  readonly vectors: Float64Array
}

const SWEEPS = 60

/**
 * @param matrix `n * n`, symmetric
 * @returns values in no order
 * @example
 * symmetricEigen(Float64Array.of(2, 1, 1, 2), 2).values // 1 and 3
 */
export function symmetricEigen(matrix: Float64Array, n: number): SymmetricEigen {
  const a = matrix.slice()
  const vectors = new Float64Array(n * n)
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let off = 0
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) off += a[p * n + q]! ** 2
    if (off === 0) break
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, vectors, n, p, q)
  }
  return { values: Float64Array.from({ length: n }, (_, i) => a[i * n + i]!), vectors }
}

/** Makes a[p, q] zero. */
function rotate(a: Float64Array, vectors: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q]!
  if (apq === 0) return
  const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * apq)
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
  const c = 1 / Math.sqrt(t * t + 1)
  const s = t * c
  for (let k = 0; k < n; k++) {
    const kp = a[k * n + p]!
    const kq = a[k * n + q]!
    a[k * n + p] = c * kp - s * kq
    a[k * n + q] = s * kp + c * kq
  }
  for (let k = 0; k < n; k++) {
    const pk = a[p * n + k]!
    const qk = a[q * n + k]!
    a[p * n + k] = c * pk - s * qk
    a[q * n + k] = s * pk + c * qk
  }
  a[p * n + q] = a[q * n + p] = 0
  for (let k = 0; k < n; k++) {
    const kp = vectors[k * n + p]!
    const kq = vectors[k * n + q]!
    vectors[k * n + p] = c * kp - s * kq
    vectors[k * n + q] = s * kp + c * kq
  }
}

/**
 * The same matrix with no eigenvalue below `floor`: of all such covariances the likeliest for normal data of sample covariance `matrix`.
 */
export function floorEigenvalues(matrix: Float64Array, n: number, floor: number): Float64Array {
  const { values, vectors } = symmetricEigen(matrix, n)
  if (values.every(value => value >= floor)) return matrix
  const floored = new Float64Array(n * n)
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = 0
      for (let k = 0; k < n; k++) sum += vectors[row * n + k]! * Math.max(values[k]!, floor) * vectors[column * n + k]!
      floored[row * n + column] = floored[column * n + row] = sum
    }
  }
  return floored
}
