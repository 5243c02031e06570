import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BRAIN_REGIMES } from './regime-table.ts'
import { BRAIN_REGIME_OF, ROW_REGIME_OF } from './row-regime.ts'

test('every regime of the brain has a regime of rows', () => {
  assert.deepEqual(
    BRAIN_REGIMES.map(regime => ROW_REGIME_OF[regime]),
    ['Range', 'Trend', 'Range', 'Vol', 'Range'],
  )
})

test('both trends of the hidden Markov model are the trend of the brain', () => {
  assert.deepEqual(BRAIN_REGIME_OF, {
    BULL_TREND: 'Trending',
    BEAR_TREND: 'Trending',
    RISK_OFF: 'HighVolatility',
    CHOP: 'Ranging',
    ROTATION: 'Normal',
  })
})
