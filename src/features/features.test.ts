import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openCalendar } from '../../test/open-calendar.ts'
import { sp500Bars } from '../../test/sp500.ts'
import type { Bar } from '../market/bar.ts'
import { DAY_MS } from '../market/bar.ts'
import { cashInstrument, SPX } from '../market/instrument.ts'
import { FEATURE_NAMES } from '../market/roles.ts'
import { bollinger } from '../math/indicators/bollinger.ts'
import { atr } from './atr.ts'
import { averageRAfter } from './avg-r-multiple.ts'
import { drawdownRiskOf } from './drawdown-risk.ts'
import { checkFeature } from './feature.checks.ts'
import type { Feature } from './feature.ts'
import reference from './fixtures/reference.json' with { type: 'json' }
import { FEATURES } from './index.ts'
import { liquidityRisk } from './liquidity-risk.ts'
import { winRateAfter } from './prior-win-rate.ts'
import { rsi } from './rsi.ts'
import { spread } from './spread.ts'
import { tickDirection } from './tick-direction.ts'
import { volatility } from './volatility.ts'

for (const feature of FEATURES) checkFeature(feature)

const context = { instrument: SPX, calendar: openCalendar, barMs: DAY_MS }

function valuesOf<State>(feature: Feature<State>, bars: readonly Bar[], instrument = SPX): number[] {
  const state = feature.init({ ...context, instrument })
  return bars.map(bar => feature.update(state, bar))
}

const flat = (closes: readonly number[], volume = 1): Bar[] =>
  closes.map((close, i) => ({
    time: i * DAY_MS,
    knownAt: (i + 1) * DAY_MS,
    open: close,
    high: close,
    low: close,
    close,
    volume,
  }))

test('the catalogue has the 17 columns in the order of the roles', () => {
  assert.deepEqual(
    FEATURES.map(({ column }) => column.name),
    [...FEATURE_NAMES],
  )
})

test('every bar feature equals an independent computation in numpy to 1e-9', () => {
  const bars = sp500Bars(700)
  for (const { column } of FEATURES) {
    const name = column.name as keyof (typeof reference)[number]
    if (!(name in reference[0]!)) continue
    const values = valuesOf(FEATURES[FEATURE_NAMES.indexOf(column.name as never)]!, bars)
    for (const expected of reference) {
      const want = expected[name] as number
      const got = values[expected.bar]!
      assert.ok(Math.abs(got - want) <= 1e-9 * Math.max(1, Math.abs(want)), `${name}[${expected.bar}] ${got} ${want}`)
    }
  }
})

test('Bollinger bands equal numpy to 1e-9', () => {
  const bands = bollinger(20, 2)
  const state = bands.init()
  const all = sp500Bars(700).map(bar => bands.update(state, bar.close))
  for (const { bar, bollinger: want } of reference) {
    const { middle, upper, lower } = all[bar]!
    for (const [i, got] of [middle, upper, lower].entries()) assert.ok(Math.abs(got - want[i]!) < 1e-9 * got)
  }
})

test("RSI equals the worked example of StockCharts' ChartSchool", () => {
  const closes = [
    44.34, 44.09, 44.15, 43.61, 44.33, 44.83, 45.1, 45.42, 45.84, 46.08, 45.89, 46.03, 45.61, 46.28, 46.28, 46.0, 46.03,
    46.41, 46.22, 45.64,
  ]
  const published = [70.53, 66.32, 66.55, 69.41, 66.36, 57.97]
  const values = valuesOf(rsi, flat(closes)).slice(14)
  // Theirs is computed from closes with four decimals.
  for (const [i, want] of published.entries()) assert.ok(Math.abs(values[i]! - want) < 0.1, `${values[i]} ${want}`)
})

test('RSI of a market that stands still is 50, of one that only rises 100, of one that only falls 0', () => {
  assert.equal(valuesOf(rsi, flat(Array<number>(20).fill(7))).at(-1), 50)
  assert.equal(valuesOf(rsi, flat(Array.from({ length: 20 }, (_, i) => 100 + i))).at(-1), 100)
  assert.equal(valuesOf(rsi, flat(Array.from({ length: 20 }, (_, i) => 100 - i))).at(-1), 0)
})

test('the true range counts the gap from the close before', () => {
  const bars = Array.from({ length: 14 }, (_, i) => ({
    ...flat([100])[0]!,
    high: i === 0 ? 103 : 111,
    low: i === 0 ? 98 : 109,
    close: i === 0 ? 100 : 110,
  }))
  // 5 (high - low), 11 (gap from 100 to 111), then twelve of 2.
  assert.equal(valuesOf(atr, bars).at(-1), (5 + 11 + 12 * 2) / 14)
})

test('the tick rule keeps the last sign while the price is unchanged', () => {
  assert.deepEqual(valuesOf(tickDirection, flat([5, 5, 6, 6, 4, 4, 5])), [0, 0, 1, 1, -1, -1, 1])
})

test('the spread estimate finds the spread of a market that only bounces between bid and ask', () => {
  // Mid 1000, bid 999, ask 1001: 20 bp. Each bar trades on both sides and closes on a random-like one.
  const closes = Array.from({ length: 21 }, (_, i) => (i % 2 === 0 ? 1001 : 999))
  const bars = flat(closes).map(bar => ({ ...bar, high: 1001, low: 999 }))
  assert.ok(Math.abs(valuesOf(spread, bars).at(-1)! - 20) < 0.01)
})

test('the spread estimate is not below one tick, and without a grid not below 0', () => {
  const still = flat(Array<number>(30).fill(100))
  assert.equal(valuesOf(spread, still).at(-1), 1)
  assert.equal(valuesOf(spread, still, cashInstrument('EURUSD', 'fx')).at(-1), 0)
})

test('a bar without trades is the least liquid', () => {
  const bars = flat([10, 11, 12, 13, 13]).map((bar, i) => ({ ...bar, volume: i === 4 ? 0 : 100 }))
  assert.equal(valuesOf(liquidityRisk, bars).at(-1), 1)
})

test('the prior of the win rate is a half, of the average R nothing', () => {
  assert.equal(winRateAfter(0, 0), 0.5)
  assert.equal(winRateAfter(100, 100), 105 / 110)
  assert.equal(averageRAfter(0, 0), 0)
  assert.equal(averageRAfter(-11, 100), -0.1)
})

test('drawdown risk is full at 10 R', () => {
  assert.deepEqual([0, 2.5, 10, 40].map(drawdownRiskOf), [0, 0.25, 1, 1])
})

test('at another price level the levels scale and everything else stays', () => {
  const factor = 1.5
  const bars = sp500Bars(900)
  const scaled = bars.map(bar => ({
    ...bar,
    open: bar.open * factor,
    high: bar.high * factor,
    low: bar.low * factor,
    close: bar.close * factor,
  }))
  const gridless = cashInstrument('X', '24x7')
  for (const feature of FEATURES) {
    const before = valuesOf(feature, bars, gridless)
    const after = valuesOf(feature, scaled, gridless)
    const level = ['price', 'atr', 'ema20', 'ema50'].includes(feature.column.name) ? factor : 1
    for (const [i, value] of after.entries()) {
      if (Number.isNaN(value)) continue
      assert.ok(Math.abs(value - before[i]! * level) <= 1e-7 * Math.max(1, value), `${feature.column.name} bar ${i}`)
    }
  }
})

test('volatility is that of log returns: doubling and halving in turn', () => {
  const values = valuesOf(volatility, flat(Array.from({ length: 21 }, (_, i) => (i % 2 === 0 ? 1 : 2))))
  // Twenty returns of +-ln 2, mean 0: ln 2 x sqrt(20 / 19).
  assert.ok(Math.abs(values.at(-1)! - Math.LN2 * Math.sqrt(20 / 19)) < 1e-15)
})
