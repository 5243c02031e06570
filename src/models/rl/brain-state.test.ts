import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BRAIN_STATE_WIDTH, type BrainSituation, brainState } from './brain-state.ts'

const SITUATION: BrainSituation = {
  volatility: 1,
  priceChange: 20,
  volumeRatio: 1.5,
  atr: 10,
  trend: -0.25,
  strategyConfidence: 0.75,
  mu: 0.125,
  strategy: 'S6',
  direction: 'Up',
  directionProbability: 0.625,
  dayFraction: 0.25,
  drawdownUsed: 0.375,
  dailyShare: -0.5,
  decisions: 25,
  wins: 3,
  closed: 6,
}

const stateOf = (change: Partial<BrainSituation> = {}): Float32Array =>
  brainState({ ...SITUATION, ...change }, new Float32Array(BRAIN_STATE_WIDTH))

test('the sixteen values stand in the order of the brain', () => {
  const wanted = [0.5, Math.tanh(1), 0.5, 2, -0.25, 0.75, 0.125, 0.75, 0.625, 1, 1, 0, 0.375, -0.5, 0.5, 0.5]
  for (const [i, value] of stateOf().entries()) assert.ok(Math.abs(value - wanted[i]!) < 1e-7, `value ${i}: ${value}`)
})

test('volatility is capped, unknown strategies have no code, and no trades are a win rate of one half', () => {
  assert.equal(stateOf({ volatility: 7 })[0], 1)
  assert.deepEqual(
    ['S2', 'S3', 'S6', 'S11', 'EmaCross', 'constructor'].map(strategy => stateOf({ strategy })[7]),
    [0.25, 0.5, 0.75, 1, 0, 0],
  )
  assert.equal(stateOf({ wins: 0, closed: 0 })[15], 0.5)
  assert.equal(stateOf({ wins: 50, closed: 50 })[15], Math.fround(55 / 60))
})
