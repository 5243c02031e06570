// Decisions of the past put to their bars.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DecisionView } from '../../../src/api/schemas/market.ts'
import type { ChartBar } from '../live/picture.ts'
import { mergeDecisions } from './merge-decisions.ts'

const bars = (from: number, to: number): ChartBar[] =>
  Array.from({ length: to - from }, (_, i) => ({
    index: from + i,
    time: i,
    knownAt: i,
    open: 1,
    high: 1,
    low: 1,
    close: 1,
    volume: 0,
    releaseId: null,
    decision: null,
  }))

const decision = (bar: number, releaseId = 'r-1'): DecisionView => ({
  seq: bar + 1000,
  decisionId: `d${bar}`,
  at: bar,
  bar,
  outcome: 'noTrade',
  releaseId,
  chosen: null,
  side: null,
  confidence: null,
  regime: 'Trend',
  riskState: 'ACTIVE',
  reason: 'NO_CANDIDATE',
})

test('a decision goes to the bar it was made on, wherever the list begins', () => {
  const some = bars(100, 105)
  assert.equal(mergeDecisions(some, [decision(103), decision(101)]), 2)
  assert.deepEqual(
    some.map(bar => bar.decision?.seq ?? null),
    [null, 1101, null, 1103, null],
  )
  assert.equal(some[1]!.releaseId, 'r-1')
})

test('bars that are not kept any more, and what is known already, stay as they are', () => {
  const some = bars(100, 102)
  mergeDecisions(some, [decision(100)])
  assert.equal(mergeDecisions(some, [decision(100, 'r-2'), decision(5), decision(900)]), 0)
  assert.equal(some[0]!.releaseId, 'r-1')
})
