import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClosedTrade } from '../market/trade.ts'
import type { DecisionRecord } from '../trading/decision.ts'
import { addRow, candidateTable } from '../trading/table-rows.ts'
import { refusedOutcome, tradeOutcome } from './outcomes.ts'

const facts = { origin: 'paper', provenance: 'real' } as const

const record: DecisionRecord = {
  decisionId: 'd-1',
  seq: 1,
  time: 1_000,
  symbol: 'SPX',
  bar: 7,
  price: 400_000,
  releaseId: 'r-1',
  setSeq: 1,
  featuresHash: null,
  strongestRow: 0,
  chosenRow: 0,
  session: 'RTH',
  regime: 'Trend',
  riskState: 'ACTIVE',
  riskCause: '',
  candidates: [],
  classes: ['EmaCross', 'Momentum', 'None'],
  probabilities: [0.3, 0.4, 0.3],
  masked: [0, 0.6, 0.4],
  chosen: 'Momentum',
  side: -1,
  expectedR: 0.2,
  score: 0.6,
  confidence: 0.5,
  sizing: null,
  checks: [],
  outcome: 'refused',
  reasons: [],
  orderId: null,
  equityMicros: 0,
  position: 0,
}

const trade: ClosedTrade = {
  decisionId: 'd-1',
  releaseId: 'r-1',
  symbol: 'SPX',
  strategy: 'Momentum',
  side: -1,
  quantity: 2,
  entry: 400_000,
  exit: 399_000,
  entryTime: 1_100,
  exitTime: 2_000,
  exitReason: 'target',
  grossMicros: 100,
  costsMicros: 3,
  netMicros: 97,
  plannedLossMicros: 50,
  r: 1.94,
  slippage: 3,
}

function tableWith(state: number) {
  const table = candidateTable('SPX', ['EmaCross', 'Momentum'])
  const row = addRow(table)
  table.strategy[row] = 1
  table.direction[row] = -1
  table.state[row] = state
  table.r[row] = -1.1
  table.labelEnd[row] = 3_000
  table.slip[row] = 2
  return table
}

test('a closed trade is joined to what its decision expected', () => {
  const { traded, probability, expectedR, r, win, time, resolvedAt, slippage } = tradeOutcome(record, trade, facts)
  assert.deepEqual(
    { traded, probability, expectedR, r, win, time, resolvedAt, slippage },
    { traded: true, probability: 0.6, expectedR: 0.2, r: 1.94, win: true, time: 1_000, resolvedAt: 2_000, slippage: 3 },
  )
})

test('a trade of another decision is not joined', () => {
  assert.throws(() => tradeOutcome({ ...record, decisionId: 'd-2' }, trade, facts), RangeError)
})

test('a refused candidate has the outcome that the barriers gave it', () => {
  const outcome = refusedOutcome(record, tableWith(1), facts)
  assert.deepEqual([outcome?.traded, outcome?.strategy, outcome?.r, outcome?.win], [false, 'Momentum', -1.1, false])
  assert.equal(outcome?.resolvedAt, 3_000)
})

test('there is no outcome before the label is final, of a void label, and of a candidate that was traded', () => {
  assert.equal(refusedOutcome(record, tableWith(0), facts), undefined)
  assert.equal(refusedOutcome(record, tableWith(2), facts), undefined)
  assert.equal(refusedOutcome({ ...record, outcome: 'enter' }, tableWith(1), facts), undefined)
  assert.equal(refusedOutcome({ ...record, chosenRow: -1 }, tableWith(1), facts), undefined)
})
