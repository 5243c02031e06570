import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { chiSquaredTail } from './chi-squared.ts'
import { correlationTime, falseDiscoveryLimit } from './column-drift.ts'
import { meanFallP, shareFallP } from './two-sample.ts'

type Reference = {
  readonly older: number[]
  readonly newer: number[]
  readonly hits: [number[], number[]]
  readonly shareFall: number
  readonly meanFall: number
  readonly chiSquared: [number, number, number][]
  readonly walk: number[]
  readonly correlationTime: number
  readonly benjaminiHochberg: { readonly p: number[]; readonly limit: number }
}

const reference = JSON.parse(readFileSync(new URL('fixtures/reference.json', import.meta.url), 'utf8')) as Reference
const near = (a: number, b: number, relative = 1e-10) =>
  assert.ok(Math.abs(a - b) <= relative * Math.max(Math.abs(b), 1e-12), `${a} is not ${b}`)

test('one-sided p-values are those of scipy', () => {
  near(shareFallP(...reference.hits), reference.shareFall)
  near(meanFallP(reference.older, reference.newer), reference.meanFall)
})

test('a rise is no fall, and samples that do not vary prove nothing', () => {
  near(shareFallP(reference.hits[1], reference.hits[0]), 1 - reference.shareFall)
  assert.equal(shareFallP([1, 1], [1, 1]), 1)
  assert.equal(meanFallP([0, 0], [0, 0]), 1)
})

test('the tail of chi-squared is that of scipy from certainty to one in a trillion', () => {
  for (const [x, degrees, tail] of reference.chiSquared) near(chiSquaredTail(x, degrees), tail, 1e-9)
})

test('the correlation time is that of numpy, and independent values have one of about 1', () => {
  near(correlationTime(reference.walk), reference.correlationTime)
  assert.ok(correlationTime(reference.older) < 2)
  assert.equal(correlationTime([3, 3, 3]), 1)
})

test('false discoveries are limited as in the example of Benjamini and Hochberg', () => {
  const { p, limit } = reference.benjaminiHochberg
  assert.equal(falseDiscoveryLimit(p, 0.05), limit)
  assert.equal(falseDiscoveryLimit([0.5, 0.9], 0.05), 0)
})
