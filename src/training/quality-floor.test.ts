import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Metric } from '../release/evaluation.ts'
import { qualityGates, verdictOf } from './quality-floor.ts'

const metric = (value: number | null): Metric => ({ value, low: null, high: null, n: 100 })
const good = { auc: metric(0.7), topDecileLift: metric(0.2), ece: metric(0.01), edgeBps: metric(4) }

test('a model above every floor passes', () => {
  const gates = qualityGates(good, 'live')
  assert.ok(gates.every(({ result, paper }) => result === 'pass' && paper === undefined))
  assert.equal(verdictOf(gates), 'pass')
})

test('each floor alone fails a live release', () => {
  const bad = { auc: metric(0.61), topDecileLift: metric(0.11), ece: metric(0.06), edgeBps: metric(2.9) }
  for (const name of Object.keys(bad) as (keyof typeof bad)[]) {
    assert.equal(verdictOf(qualityGates({ ...good, [name]: bad[name] }, 'live')), 'fail', name)
  }
})

test('what was not measured fails', () => {
  assert.equal(verdictOf(qualityGates({ ...good, auc: metric(null) }, 'live')), 'fail')
})

test('paper shows a failed floor, marked, and passes', () => {
  const gates = qualityGates({ ...good, auc: metric(0.5) }, 'paper')
  assert.deepEqual(gates[0], { gate: 'G12 auc', value: 0.5, limit: 0.62, result: 'fail', paper: true })
  assert.equal(verdictOf(gates), 'pass')
})
