import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openCalendar } from '../../test/open-calendar.ts'
import { sp500Bars } from '../../test/sp500.ts'
import { DAY_MS } from '../market/bar.ts'
import { SPX } from '../market/instrument.ts'
import { FEATURE_NAMES } from '../market/roles.ts'
import type { FeatureRowState } from './row.ts'
import { featureRow } from './row.ts'

const context = { instrument: SPX, calendar: openCalendar, barMs: DAY_MS }
const bits = (mask: number) => FEATURE_NAMES.filter((_, i) => (mask >>> i) & 1)

test('no row is ready before 200 bars', () => {
  const row = featureRow(context, { hasVolume: true })
  const ready = sp500Bars(201).map(bar => {
    row.update(bar)
    return row.ready
  })
  assert.equal(ready.indexOf(true), 199)
  assert.ok(row.values.every(Number.isFinite))
})

test('the mask has the columns whose source is there', () => {
  const missing = FEATURE_NAMES.filter(name => !bits(featureRow(context, { hasVolume: true }).mask).includes(name))
  assert.deepEqual(missing, [
    'bid_ask_imbalance',
    'order_book_imbalance',
    'signal_strength',
    'prior_win_rate',
    'avg_r_multiple',
    'drawdown_risk',
    'news_impact',
  ])
})

test('without volume, volume and liquidity_risk are neutral 0 and their bits are clear', () => {
  const row = featureRow(context, { hasVolume: false })
  for (const bar of sp500Bars(300)) row.update(bar)
  for (const name of ['volume', 'liquidity_risk'] as const) {
    assert.equal(row.values[FEATURE_NAMES.indexOf(name)], 0)
    assert.ok(!bits(row.mask).includes(name))
  }
})

test('a row restored from JSON goes on bit for bit, whatever was fed in between', () => {
  const bars = sp500Bars(800)
  const row = featureRow(context, { hasVolume: true })
  for (const bar of bars.slice(0, 600)) row.update(bar)
  const text = JSON.stringify(row.save())
  const seen = bars.slice(600).map(bar => {
    row.update(bar)
    return [...row.values]
  })
  const other = featureRow(context, { hasVolume: true })
  other.update(bars[0]!)
  other.load(JSON.parse(text) as FeatureRowState)
  assert.equal(other.ready, true)
  const again = bars.slice(600).map(bar => {
    other.update(bar)
    return [...other.values]
  })
  assert.deepEqual(again, seen)
})

test('what was saved does not change when the row goes on', () => {
  const bars = sp500Bars(300)
  const row = featureRow(context, { hasVolume: true })
  for (const bar of bars.slice(0, 250)) row.update(bar)
  const saved = row.save()
  const text = JSON.stringify(saved)
  for (const bar of bars.slice(250)) row.update(bar)
  assert.equal(JSON.stringify(saved), text)
})

test('replaying 500 bars is as good as the whole history: to 1e-7 for the averages, exact for the windows', () => {
  const bars = sp500Bars(3000)
  const whole = featureRow(context, { hasVolume: true })
  const short = featureRow(context, { hasVolume: true })
  for (const bar of bars) whole.update(bar)
  for (const bar of bars.slice(-501)) short.update(bar)
  for (const [i, name] of FEATURE_NAMES.entries()) {
    const [a, b] = [whole.values[i]!, short.values[i]!]
    if (['atr', 'rsi', 'ema20', 'ema50'].includes(name)) assert.ok(Math.abs(a - b) <= 1e-7 * Math.abs(a), name)
    else assert.equal(b, a, name)
  }
})
