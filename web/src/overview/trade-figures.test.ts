// Figures of closed trades.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FEWEST_TRADES, tradeFigures } from './trade-figures.ts'

const trades = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ net: i % 2 === 0 ? 30 : -10, costs: 2, r: i % 2 === 0 ? 1.5 : -0.5 }))

test('with too few trades there are sums but no rates', () => {
  const few = tradeFigures(trades(FEWEST_TRADES - 1))
  assert.deepEqual([few.count, few.net, few.costs], [29, 310, 58])
  assert.deepEqual([few.winShare, few.meanR, few.profitFactor], [null, null, null])
})

test('with enough of them the rates are those of the trades', () => {
  const enough = tradeFigures(trades(30))
  assert.equal(enough.winShare, 0.5)
  assert.equal(enough.meanR, 0.5)
  assert.equal(enough.profitFactor, 3)
})

test('without a loss there is no profit factor', () => {
  assert.equal(tradeFigures(Array.from({ length: 40 }, () => ({ net: 1, costs: 0, r: 1 }))).profitFactor, null)
})
