// Figures of closed trades against the same sums by hand.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { evaluationOf, metric, roleEvaluation } from '../serving/fixtures/evaluation.ts'
import { evaluatedPerformance, tradedPerformance } from './release-performance.ts'

const about = { releaseId: 'r-1', role: 'meta', source: 'canary' as const, at: 0 }

test('trades give their figures, and too few give none', () => {
  // Twenty wins of 2 R and twenty losses of 1 R in turn: mean 0.5, spread sqrt(90 / 39), downside sqrt(0.5), worst 5 % are two losses.
  const r = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 2 : -1))
  const { accuracy, profitFactor, sharpeRatio, sortino, cvar95, maxDrawdown, totalTrades } = tradedPerformance({
    ...about,
    r,
  })
  assert.deepEqual([accuracy, profitFactor, cvar95, maxDrawdown, totalTrades], [0.5, 2, -1, 1, 40])
  assert.ok(Math.abs(sharpeRatio! - 0.5 / Math.sqrt(90 / 39)) < 1e-12)
  assert.ok(Math.abs(sortino! - 0.5 / Math.sqrt(0.5)) < 1e-12)
  const few = tradedPerformance({ ...about, r: r.slice(0, 29) })
  assert.deepEqual([few.accuracy, few.sharpeRatio, few.totalTrades, few.maxDrawdown], [null, null, 29, 1])
  const none = tradedPerformance({ ...about, r: [] })
  assert.deepEqual([none.totalTrades, none.maxDrawdown], [0, null])
})

test('an evaluation gives an entry a trained role, with the deflated Sharpe ratio of all trials', () => {
  const holdout = { accuracy: metric(0.6), brier: metric(0.2), auc: metric(0.7) }
  const multiplicity = {
    trials: 9,
    looks: 0,
    holdoutViews: 1,
    sharpeVariance: 0.1,
    pbo: null,
    deflatedSharpe: metric(0.8),
  }
  const roles = { meta: roleEvaluation({ holdout }), execution: roleEvaluation({ baseline: true }) }
  const [only, ...others] = evaluatedPerformance('r-1', evaluationOf({ roles, multiplicity }), 0)
  assert.deepEqual(others, [])
  assert.deepEqual([only!.accuracy, only!.brier, only!.custom], [0.6, 0.2, { auc: 0.7, deflatedSharpe: 0.8 }])
})
