// Fills as marks on the chart.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChartBar } from '../live/picture.ts'
import { type Fill, marksOf, positionAt } from './chart-marks.ts'

const DAY = 86_400_000
const bars: ChartBar[] = Array.from({ length: 5 }, (_, index) => ({
  index: index + 100,
  time: index * DAY,
  knownAt: index * DAY + 75_600_000,
  open: 1,
  high: 1,
  low: 1,
  close: 1,
  volume: 0,
  releaseId: null,
  decision: null,
}))

const fill = (tradeId: string, at: number, rest: Partial<Fill> = {}): Fill => ({
  tradeId,
  decisionId: 'd',
  at,
  side: 1,
  quantity: 4,
  role: 'entry',
  price: 1,
  ...rest,
})

test('a fill belongs to the bar that was open when it happened', () => {
  assert.equal(positionAt(bars, DAY + 50_000_000), 1)
  assert.equal(positionAt(bars, DAY + 75_600_000), 1)
  assert.equal(positionAt(bars, DAY + 75_600_001), 2)
  assert.equal(positionAt(bars, 9 * DAY), -1)
})

test('a mark says in words what happened, on the side that fits', () => {
  const [bought, stopped] = marksOf(bars, [fill('b', 2 * DAY, { side: -1, role: 'stop' }), fill('a', DAY)])
  assert.deepEqual([bought!.words, bought!.shape, bought!.above], ['long 4', 'arrowUp', false])
  assert.deepEqual([stopped!.words, stopped!.shape, stopped!.above], ['stop', 'square', true])
})

test('what lies outside of the bars has no mark', () => {
  assert.deepEqual(marksOf(bars, [fill('a', -1), fill('b', 99 * DAY)]), [])
  assert.deepEqual(marksOf([], [fill('a', 0)]), [])
})
