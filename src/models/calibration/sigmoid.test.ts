import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { fitSigmoid, plattTargets, sigmoidAt } from './sigmoid.ts'

test("Platt's targets follow the rule of succession", () => {
  assert.deepEqual(Array.from(plattTargets([1, 1, 0])), [3 / 4, 3 / 4, 1 / 3])
})

test('two groups of scores are fitted exactly: the sigmoid passes through their mean targets', () => {
  const { slope, shift } = fitSigmoid([0, 0, 1, 1], [0.2, 0.4, 0.6, 0.9])
  assert.ok(Math.abs(shift - Math.log(0.3 / 0.7)) < 1e-6)
  assert.ok(Math.abs(slope + shift - Math.log(0.75 / 0.25)) < 1e-6)
})

test('a planted sigmoid is found', () => {
  const rng = seededRng('planted')
  const scores = Float64Array.from({ length: 20_000 }, () => rng.next())
  const labels = scores.map(score => (rng.next() < sigmoidAt({ slope: 6, shift: -4 }, score) ? 1 : 0))
  const { slope, shift } = fitSigmoid(scores, plattTargets(labels))
  assert.ok(Math.abs(slope - 6) < 0.3 && Math.abs(shift + 4) < 0.2, `${slope} ${shift}`)
})

test('a row of weight 2 counts as two rows', () => {
  const scores = [0.1, 0.4, 0.4, 0.9, 0.9]
  const targets = [0.1, 0.3, 0.3, 0.8, 0.8]
  assert.deepEqual(fitSigmoid([0.1, 0.4, 0.9], [0.1, 0.3, 0.8], [1, 2, 2]), fitSigmoid(scores, targets))
})
