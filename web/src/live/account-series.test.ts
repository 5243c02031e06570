// The line of the account, kept short.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AccountPoint, addPoint, drawdowns } from './account-series.ts'

const point = (at: number, equity = at): AccountPoint => ({ at, equity, hold: 1, previous: null })

test('memory stays flat however long it runs, and the ends stay', () => {
  const points: AccountPoint[] = []
  for (let at = 0; at < 100_000; at++) addPoint(points, point(at), 1000)
  assert.ok(points.length <= 1000 && points.length > 250, `${points.length} points`)
  assert.equal(points[0]!.at, 0)
  assert.equal(points.at(-1)!.at, 99_999)
  assert.deepEqual(
    points.map(({ at }) => at),
    points.map(({ at }) => at).sort((a, b) => a - b),
  )
})

test('a point that was seen already is dropped', () => {
  const points = [point(5)]
  addPoint(points, point(5), 10)
  addPoint(points, point(4), 10)
  assert.equal(points.length, 1)
})

test('drawdown is measured from the highest point so far, the capital included', () => {
  assert.deepEqual(
    drawdowns([point(0, 90), point(1, 120), point(2, 60), point(3, 120)], 100),
    [-0.09999999999999998, 0, -0.5, 0],
  )
})
