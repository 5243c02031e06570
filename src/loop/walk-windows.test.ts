import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { loadConfig } from '../base/config.ts'
import { type Bar, DAY_MS } from '../market/bar.ts'
import { settingsSchema } from './settings.ts'
import { foldAt, walkDays, walkWindows } from './walk-windows.ts'

const settings = (...sets: string[]) => loadConfig(settingsSchema, { env: {}, sets })
const series = (days: number) => ({
  symbol: 'X',
  bars: Array.from({ length: days }, (_, day) => ({ knownAt: day * DAY_MS }) as Bar),
})

test('intraday bars have the windows of the trading chapter, daily bars longer ones, and the configuration decides', () => {
  assert.deepEqual(walkDays(settings(), 60_000), { train: 30, test: 7, step: 7, gap: 2 })
  assert.deepEqual(walkDays(settings(), DAY_MS), { train: 1826, test: 63, step: 63, gap: 2 })
  const own = settings('backtest.trainDays=10', 'backtest.testDays=3', 'backtest.purgeDays=2', 'backtest.embargoDays=0')
  assert.deepEqual(walkDays(own, 60_000), { train: 10, test: 3, step: 7, gap: 2 })
})

test('each fold learns before its test, at least the gap away, and the last test ends with the span', () => {
  const windows = walkWindows(series(100), { train: 30, test: 7, step: 7, gap: 2 }, { from: 0, to: 50 * DAY_MS })
  assert.deepEqual(
    windows.map(({ number, trainFrom, asOf, testFrom, testTo }) => [
      number,
      ...[trainFrom, asOf, testFrom, testTo].map(ms => ms / DAY_MS),
    ]),
    [
      [1, 0, 30, 32, 39],
      [2, 7, 37, 39, 46],
      [3, 14, 44, 46, 50],
    ],
  )
})

test('a span without one whole training window before it is refused', () => {
  const days = { train: 30, test: 7, step: 7, gap: 2 }
  assert.throws(() => walkWindows(series(20), days, { from: 0, to: 20 * DAY_MS }), { code: 'WALK_TOO_SHORT' })
})

test('at every time the fold that decides has learned from nothing later than the gap before', () => {
  const size = fc.integer({ min: 1, max: 40 })
  fc.assert(
    fc.property(
      size,
      size,
      size,
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 0, max: 399 }),
      (train, test, step, gap, day) => {
        const folds = walkWindows(series(400), { train, test, step, gap }, { from: 0, to: 400 * DAY_MS })
        const fold = foldAt(folds, day * DAY_MS)
        if (fold === undefined) return
        assert.ok(fold.testFrom <= day * DAY_MS && day * DAY_MS < fold.testTo)
        assert.ok(fold.asOf <= (day - gap) * DAY_MS)
        assert.equal(fold.asOf - fold.trainFrom, train * DAY_MS)
      },
    ),
    { numRuns: 200, seed: 7 },
  )
})
