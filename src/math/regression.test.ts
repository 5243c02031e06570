import assert from 'node:assert/strict'
import { test } from 'node:test'
import reference from './fixtures/reference.json' with { type: 'json' }
import { meanAbsoluteError, rankIc, rSquared, signHitRate } from './regression.ts'

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`)
const { sample: actual, predicted, rowWeights: weights } = reference

test('R2, absolute error and rank correlation equal scikit-learn and scipy', () => {
  near(rSquared({ actual, predicted }), reference.r2)
  near(rSquared({ actual, predicted, weights }), reference.r2Weighted)
  near(meanAbsoluteError({ actual, predicted, weights }), reference.maeWeighted)
  near(rankIc({ actual, predicted }), reference.rankIc)
})

test('rows without a sign are not counted and a prediction of 0 is a miss', () => {
  assert.equal(signHitRate({ actual: [1, -1, 0, 2], predicted: [3, -2, 5, 0] }), 2 / 3)
  assert.equal(signHitRate({ actual: [1, -1], predicted: [1, 1], weights: [3, 1] }), 3 / 4)
})

test('a constant side has no R2 and no rank correlation', () => {
  assert.ok(Number.isNaN(rSquared({ actual: [1, 1], predicted: [1, 2] })))
  assert.ok(Number.isNaN(rankIc({ actual: [1, 2], predicted: [1, 1] })))
})
