import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../base/rng.ts'
import {
  classDivergence,
  driftOf,
  histogramShares,
  klDivergence,
  populationStability,
  quantileEdges,
  scalarDivergence,
  totalVariation,
} from './divergence.ts'
import reference from './fixtures/reference.json' with { type: 'json' }

const near = (actual: number, expected: number, tolerance = 1e-9) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`)

test('KL equals scipy and total variation half the absolute differences', () => {
  near(klDivergence(reference.p, reference.q), reference.kl)
  near(totalVariation(reference.p, reference.q), 0.5 * (0.2 + 0.1 + 0.05 + 0.05))
  near(
    populationStability(reference.p, reference.q),
    0.2 * Math.log(3) + 0.1 * Math.log(2) + 0.05 * Math.log(1.2) + 0.05 * Math.log(8 / 7),
  )
})

test('an empty class is far but finite: the floor is 1e-6, renormalised', () => {
  const floor = 1e-6 / (1 + 1e-6)
  const rest = 1 / (1 + 1e-6)
  near(klDivergence([1, 0], [0, 1]), rest * Math.log(rest / floor) + floor * Math.log(floor / rest))
})

test('equal models do not diverge', () => {
  const p = Float32Array.of(0.25, 0.75, 0.5, 0.5)
  assert.deepEqual(classDivergence(p, p, 2), { totalVariation: 0, kl: 0, totalVariation95: 0, kl95: 0 })
  const scores = Float64Array.from({ length: 100 }, (_, i) => i)
  assert.deepEqual(scalarDivergence(scores, scores), { totalVariation: 0, kl: 0, totalVariation95: 0, kl95: 0 })
})

test('class divergence is the mean and the 95th percentile over rows', () => {
  const champion = Array.from({ length: 41 }, () => [0.5, 0.5]).flat()
  const candidate = Array.from({ length: 41 }, (_, i) => (i < 3 ? [0.9, 0.1] : [0.5, 0.5])).flat()
  const found = classDivergence(champion, candidate, 2)
  near(found.totalVariation, (3 * 0.4) / 41)
  near(found.totalVariation95, 0.4)
  near(found.kl, (3 * (0.5 * Math.log(0.5 / 0.9) + 0.5 * Math.log(0.5 / 0.1))) / 41, 1e-6)
})

test('scalars are compared over the champion deciles with half a count in each bin', () => {
  const champion = Float64Array.from({ length: 100 }, (_, i) => i)
  const top = new Float64Array(100).fill(99)
  const found = scalarDivergence(champion, top)
  near(found.totalVariation, 0.5 * (9 * (10.5 / 105 - 0.5 / 105) + (100.5 - 10.5) / 105))
  near(found.kl, 0.1 * (9 * Math.log(10.5 / 0.5) + Math.log(10.5 / 100.5)))
})

test('a constant champion has one edge and no empty bins between equal ones', () => {
  assert.deepEqual([...quantileEdges([1, 1, 1, 1])], [1])
  assert.deepEqual([...histogramShares([1, 1, 2, 0], Float64Array.of(1))], [0.75, 0.25])
})

test('drift of fresh rows of the same market is small, of a shifted one large', () => {
  const rng = seededRng(4)
  const draw = (shift: number) => Float64Array.from({ length: 4_000 }, () => rng.normal() + shift)
  const training = draw(0)
  assert.ok(driftOf(training, draw(0)).psi < 0.02)
  assert.ok(driftOf(training, draw(1)).psi > 0.3)
})
