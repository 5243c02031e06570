import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../base/rng.ts'
import { cholesky, invertLower, invertPositive, logDeterminant } from './cholesky.ts'
import { floorEigenvalues, symmetricEigen } from './symmetric-eigen.ts'

const N = 5

/** G G' of a random G: positive definite. */
function positive(seed: string, n = N): Float64Array {
  const rng = seededRng(seed)
  const g = Float64Array.from({ length: n * n }, () => rng.normal())
  return product(g, transposed(g, n), n)
}

const transposed = (a: Float64Array, n: number): Float64Array => a.map((_, i) => a[(i % n) * n + Math.floor(i / n)]!)

const product = (a: Float64Array, b: Float64Array, n: number): Float64Array =>
  Float64Array.from({ length: n * n }, (_, i) => {
    let sum = 0
    for (let k = 0; k < n; k++) sum += a[Math.floor(i / n) * n + k]! * b[k * n + (i % n)]!
    return sum
  })

const identity = (n: number): Float64Array =>
  Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0))

function near(actual: Float64Array, expected: Float64Array, tolerance: number): void {
  for (const [i, value] of actual.entries()) {
    assert.ok(Math.abs(value - expected[i]!) <= tolerance, `element ${i}: ${value}, not ${expected[i]}`)
  }
}

test('the factor times its transpose is the matrix, and its inverse times it is the identity', () => {
  const matrix = positive('a')
  const lower = cholesky(matrix, N)!
  near(product(lower, transposed(lower, N), N), matrix, 1e-12)
  near(product(invertLower(lower, N), lower, N), identity(N), 1e-12)
  near(product(invertPositive(matrix, N)!, matrix, N), identity(N), 1e-9)
})

test('the determinant is that of the textbook', () => {
  assert.ok(Math.abs(logDeterminant(cholesky(Float64Array.of(4, 2, 2, 5), 2)!, 2) - Math.log(16)) < 1e-14)
})

test('a matrix that is not positive definite has no factor', () => {
  assert.equal(cholesky(Float64Array.of(1, 2, 2, 1), 2), undefined)
  assert.equal(cholesky(Float64Array.of(Number.NaN), 1), undefined)
  assert.equal(invertPositive(new Float64Array(4), 2), undefined)
})

test('eigenvectors take the matrix apart and put it together again', () => {
  const matrix = positive('b')
  const { values, vectors } = symmetricEigen(matrix, N)
  const scaled = vectors.map((value, i) => value * values[i % N]!)
  near(product(scaled, transposed(vectors, N), N), matrix, 1e-12)
  near(product(vectors, transposed(vectors, N), N), identity(N), 1e-13)
  near(symmetricEigen(Float64Array.of(2, 1, 1, 2), 2).values.sort(), Float64Array.of(1, 3), 1e-15)
})

test('eigenvalues below the floor are raised to it and no others move', () => {
  const matrix = Float64Array.of(2, 2, 2, 2)
  near(symmetricEigen(floorEigenvalues(matrix, 2, 0.5), 2).values.sort(), Float64Array.of(0.5, 4), 1e-14)
  const fine = positive('c')
  assert.equal(floorEigenvalues(fine, N, 1e-12), fine)
})
