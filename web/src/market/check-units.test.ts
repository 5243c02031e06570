// Figures of risk checks.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkFigure } from './check-units.ts'

test('a check is said in the unit of its rule', () => {
  assert.equal(checkFigure('RISK_PER_TRADE', 616.4), '$616.40')
  assert.equal(checkFigure('CONFIDENCE', 0.7767), '77.7\u00a0%')
  assert.equal(checkFigure('NO_STOP', 30.52), '30.52 points')
})

test('what has no unit of its own stays bare, and nothing is nothing', () => {
  assert.equal(checkFigure('MAX_POSITION', 4), '4')
  assert.equal(checkFigure('SYMBOL', null), '')
})
