import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calibrationBins, calibrationError } from './calibration.ts'
import { accuracy, auc, brier, logLoss, macroAuc, topClass, topShareLift } from './classification.ts'
import reference from './fixtures/reference.json' with { type: 'json' }

const near = (actual: number, expected: number, tolerance = 1e-9) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`)

const { labels, probabilities, weights } = reference
const plain = { probabilities, labels, classes: 3 }

test('log loss, macro AUC, Brier and accuracy equal scikit-learn, with weights and ties', () => {
  near(logLoss(plain), reference.logLoss)
  near(logLoss({ ...plain, weights }), reference.logLossWeighted)
  near(macroAuc(plain), reference.auc)
  near(brier({ ...plain, weights }), reference.brierSum)
  near(accuracy({ ...plain, weights }), reference.accuracyWeighted)
  const scores = labels.map((_, row) => probabilities[row * 3 + 1]!)
  assert.ok(new Set(scores).size < scores.length, 'the fixture has ties')
  near(auc({ scores, positive: labels.map(label => (label === 1 ? 1 : 0)), weights }), reference.aucWeightedBinary)
})

test('a probability of 0 for what happened costs the floor and not infinity', () => {
  near(logLoss({ probabilities: [1, 0], labels: [1], classes: 2 }), -Math.log(1e-6 / (1 + 1e-6)))
})

test('classes that never occur do not enter the macro AUC, and one class alone has none', () => {
  const two = { probabilities: [0.8, 0.1, 0.1, 0.2, 0.7, 0.1], labels: [0, 1], classes: 3 }
  assert.equal(macroAuc(two), 1)
  assert.ok(Number.isNaN(macroAuc({ ...two, labels: [0, 0] })))
})

test('the first of equally probable classes is the top class', () => {
  assert.deepEqual([...topClass({ probabilities: [0.4, 0.4, 0.2], classes: 3 }).label], [0])
})

test('lift of the top tenth is its precision minus the base rate', () => {
  const scores = Array.from({ length: 40 }, (_, i) => i)
  const hits = scores.map(score => (score >= 37 || score < 5 ? 1 : 0))
  near(topShareLift({ scores, hits }), 3 / 4 - 8 / 40)
})

test('rows tied at the edge of the top tenth count in part, whatever their order', () => {
  const scores = [3, 1, 1, 1, 1, 1, 1, 1, 1, 1]
  const hits = [1, 1, 1, 1, 0, 0, 0, 0, 0, 0]
  // 2 rows of 10: the first hits, the other is one of nine of which three hit.
  near(topShareLift({ scores, hits, share: 0.2 }), (1 + 3 / 9) / 2 - 0.4)
  near(topShareLift({ scores, hits: hits.toReversed(), share: 0.2 }), (0 + 4 / 9) / 2 - 0.4)
})

test('calibration error of hand-worked bins', () => {
  const scores = [0.1, 0.1, 0.3, 0.3, 0.8, 0.8]
  const hits = [0, 0, 1, 0, 1, 1]
  near(calibrationError({ scores, hits, bins: 3 }), (0.1 + 0.2 + 0.2) / 3)
  near(calibrationError({ scores, hits, bins: 1 }), 0.5 - 0.4)
})

test('bins hold equal mass and add up to all rows', () => {
  const scores = Array.from({ length: 150 }, (_, i) => i / 150)
  const bins = calibrationBins({ scores, hits: scores.map(() => 0) })
  assert.equal(bins.length, 15)
  assert.ok(bins.every(bin => bin.mass === 10))
  const weighted = calibrationBins({ scores, hits: scores.map(() => 0), weights: scores.map(score => 0.1 + score) })
  const masses = weighted.map(bin => bin.mass)
  assert.ok(Math.max(...masses) - Math.min(...masses) < 2.3)
  near(
    masses.reduce((sum, mass) => sum + mass, 0),
    150 * (0.1 + 149 / 300),
  )
})

test('rows with one probability are one bin: a constant base rate is perfectly calibrated', () => {
  const hits = Array.from({ length: 90 }, (_, i) => (i % 3 === 0 ? 1 : 0))
  assert.equal(calibrationBins({ scores: hits.map(() => 1 / 3), hits }).length, 1)
  near(calibrationError({ scores: hits.map(() => 1 / 3), hits }), 0)
})
