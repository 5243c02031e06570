import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Metric } from '../release/evaluation.ts'
import { qualityGates, verdictOf } from './quality-floor.ts'

const metric = (value: number | null): Metric => ({ value, low: null, high: null, n: 100 })
const holdout = { auc: metric(0.7), topDecileLift: metric(0.2), ece: metric(0.01), edgeBps: metric(4) }
const good = { holdout, driftScore: 0.1 }
const withMetric = (name: string, value: number | null) => ({
  ...good,
  holdout: { ...holdout, [name]: metric(value) },
})

test('a model above every floor passes', () => {
  const gates = qualityGates(good, 'live')
  assert.ok(gates.every(({ result, paper }) => result === 'pass' && paper === undefined))
  assert.equal(verdictOf(gates), 'pass')
})

test('each floor alone fails a live release', () => {
  const bad = { auc: 0.61, topDecileLift: 0.11, ece: 0.06, edgeBps: 2.9 }
  for (const [name, value] of Object.entries(bad)) {
    assert.equal(verdictOf(qualityGates(withMetric(name, value), 'live')), 'fail', name)
  }
  assert.equal(verdictOf(qualityGates({ ...good, driftScore: 0.151 }, 'live')), 'fail')
})

test('what was not measured fails', () => {
  assert.equal(verdictOf(qualityGates(withMetric('auc', null), 'live')), 'fail')
})

test('paper shows a failed floor, marked, and passes', () => {
  const gates = qualityGates({ ...withMetric('auc', 0.5), driftScore: 1 }, 'paper')
  assert.deepEqual(gates[0], { gate: 'G12 auc', value: 0.5, limit: 0.62, result: 'fail', paper: true })
  assert.deepEqual(gates.at(-1), { gate: 'G12 driftScore', value: 1, limit: 0.15, result: 'fail', paper: true })
  assert.equal(verdictOf(gates), 'pass')
})
