import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openCalendar } from '../../../test/open-calendar.ts'
import { sp500Bars } from '../../../test/sp500.ts'
import { featureRow } from '../../features/row.ts'
import type { Bar } from '../../market/bar.ts'
import { DAY_MS } from '../../market/bar.ts'
import { SPX } from '../../market/instrument.ts'
import type { GeneralStrategy, Stance, StrategyView } from '../strategy.ts'
import { breakout } from './breakout.ts'
import { emaCross } from './ema-cross.ts'
import { GENERAL_STRATEGIES } from './index.ts'
import { meanReversion } from './mean-reversion.ts'
import { momentum } from './momentum.ts'

const context = { instrument: SPX, calendar: openCalendar, barMs: DAY_MS }

function views(bars: readonly Bar[], hasVolume = true): StrategyView[] {
  const row = featureRow(context, { hasVolume })
  return bars.map(bar => {
    row.update(bar)
    const [, atr, rsi, ema20, ema50, , , volatility] = row.values as unknown as number[]
    return { bar, hasVolume, atr: atr!, rsi: rsi!, ema20: ema20!, ema50: ema50!, volatility: volatility! }
  })
}

function stances<State>(strategy: GeneralStrategy<State>, seen: readonly StrategyView[]): Stance[] {
  const state = strategy.init()
  return seen.map(view => strategy.update(state, view))
}

/** A view whose columns are set by hand; the close is flat unless given. */
const view = (columns: Partial<StrategyView> & { close?: number; volume?: number }): StrategyView => {
  const { close = 100, volume = 100, ...rest } = columns
  const bar = { time: 0, knownAt: 0, open: close, high: close, low: close, close, volume }
  return { bar, hasVolume: true, atr: 2, rsi: 50, ema20: 100, ema50: 100, volatility: 0.01, ...rest }
}

test('on twenty years of the S&P 500 the four fire 369 times after warm-up', () => {
  const seen = views(sp500Bars())
  const fired = GENERAL_STRATEGIES.map(
    strategy =>
      stances(strategy, seen)
        .slice(199)
        .filter(stance => stance.fired).length,
  )
  assert.deepEqual(fired, [80, 137, 29, 123])
  assert.equal(
    fired.reduce((a, b) => a + b),
    369,
  )
})

test('after warm-up every strategy states a side and a strength in 0-1 at every bar', () => {
  const seen = views(sp500Bars(1500))
  for (const strategy of GENERAL_STRATEGIES) {
    for (const { side, strength } of stances(strategy, seen).slice(199)) {
      assert.ok(side === 1 || side === -1)
      assert.ok(strength >= 0 && strength <= 1)
    }
  }
})

test('a price path turned upside down turns every stance', () => {
  // Mirrored in log price, so that returns change sign exactly; bands and RSI mirror only in price, which a narrow path makes the same.
  const bars = sp500Bars(900).map(bar => ({ ...bar, close: 1e6 + bar.close, high: 1e6 + bar.high, low: 1e6 + bar.low }))
  const mirrored = bars.map(bar => ({ ...bar, close: 2e6 - bar.close, high: 2e6 - bar.low, low: 2e6 - bar.high }))
  for (const strategy of GENERAL_STRATEGIES) {
    const up = stances(strategy, views(bars)).slice(199)
    const down = stances(strategy, views(mirrored)).slice(199)
    for (const [i, { side, strength, fired }] of up.entries()) {
      assert.equal(down[i]!.side, -side, `${strategy.name} bar ${i}`)
      assert.ok(Math.abs(down[i]!.strength - strength) < 0.02, `${strategy.name} bar ${i}`)
      assert.equal(down[i]!.fired, fired, `${strategy.name} bar ${i}`)
    }
  }
})

test('EmaCross fires where ema20 crosses ema50, not where it only touches it', () => {
  const path = [99, 99.5, 101, 100, 101, 99]
  const seen = stances(
    emaCross,
    path.map(ema20 => view({ ema20 })),
  )
  assert.deepEqual(
    seen.map(({ side }) => side),
    [-1, -1, 1, 1, 1, -1],
  )
  assert.deepEqual(
    seen.map(({ fired }) => fired),
    [false, false, true, false, false, true],
  )
})

test('EmaCross is as strong as ema20 rose over five bars, in ATRs, and has no strength on the wrong side', () => {
  const rising = stances(
    emaCross,
    [101, 101.1, 101.2, 101.3, 101.4, 101.5].map(ema20 => view({ ema20 })),
  )
  assert.ok(Math.abs(rising.at(-1)!.strength - 0.25) < 1e-12)
  const falling = stances(
    emaCross,
    [102, 101.9, 101.8, 101.7, 101.6, 101.5].map(ema20 => view({ ema20 })),
  )
  assert.deepEqual(falling.at(-1), { side: 1, strength: 0, fired: false })
})

test('MeanReversion needs an extreme RSI outside the band', () => {
  const calm = Array.from({ length: 19 }, () => view({}))
  const last = (columns: Parameters<typeof view>[0]) => stances(meanReversion, [...calm, view(columns)]).at(-1)!
  assert.deepEqual(last({ close: 90, rsi: 15 }), { side: 1, strength: 0.5, fired: true })
  assert.deepEqual(last({ close: 110, rsi: 85 }), { side: -1, strength: 0.5, fired: true })
  assert.equal(last({ close: 100, rsi: 15 }).fired, false)
  assert.deepEqual(last({ close: 90, rsi: 45 }), { side: 1, strength: 0, fired: false })
})

test('Breakout needs a close beyond the band on 1.5 times the usual volume', () => {
  const calm = Array.from({ length: 19 }, (_, i) => view({ close: i % 2 === 0 ? 99.9 : 100.1 }))
  const last = (columns: Parameters<typeof view>[0]) => stances(breakout, [...calm, view(columns)]).at(-1)!
  const heavy = last({ close: 110, volume: 300 })
  assert.deepEqual([heavy.side, heavy.fired], [1, true])
  assert.deepEqual(last({ close: 90, volume: 300 }).side, -1)
  assert.equal(last({ close: 90, volume: 300 }).fired, true)
  // 150 against a mean that it is part of: (19 x 100 + 150) / 20 x 1.5 = 153.75.
  assert.equal(last({ close: 110, volume: 150 }).fired, false)
  assert.equal(last({ close: 100.05, volume: 300 }).fired, false)
})

test('Breakout never fires without volume', () => {
  const bars = sp500Bars(2000).map(bar => ({ ...bar, volume: 0 }))
  assert.ok(stances(breakout, views(bars, false)).every(({ fired }) => !fired))
})

test('Momentum needs a ten-bar move of two deviations that RSI confirms', () => {
  const before = Array.from({ length: 10 }, () => view({}))
  const last = (columns: Parameters<typeof view>[0]) => stances(momentum, [...before, view(columns)]).at(-1)!
  const close = 100 * Math.exp(0.01 * Math.sqrt(10) * 3)
  assert.ok(Math.abs(last({ close, rsi: 65 }).strength - 0.75) < 1e-12)
  assert.equal(last({ close, rsi: 65 }).fired, true)
  assert.equal(last({ close, rsi: 60 }).fired, false)
  assert.equal(last({ close: 10_000 / close, rsi: 35 }).fired, true)
  assert.equal(last({ close: 100 * Math.exp(0.01 * Math.sqrt(10) * 1.9), rsi: 65 }).fired, false)
})

test('a score of 0 keeps the previous side, and before any there is none', () => {
  assert.deepEqual(
    stances(
      momentum,
      Array.from({ length: 12 }, () => view({ volatility: 0 })),
    ).at(-1),
    {
      side: 0,
      strength: 0,
      fired: false,
    },
  )
  const seen = stances(meanReversion, [view({ rsi: 40 }), view({ rsi: 50 })])
  assert.equal(seen[1]!.side, 1)
})

test('a strategy restored from JSON goes on the same', () => {
  const seen = views(sp500Bars(1000))
  for (const strategy of GENERAL_STRATEGIES) {
    const whole = stances(strategy, seen)
    let state = strategy.init()
    for (const each of seen.slice(0, 600)) strategy.update(state, each)
    state = JSON.parse(JSON.stringify(state)) as unknown
    assert.deepEqual(
      seen.slice(600).map(each => strategy.update(state, each)),
      whole.slice(600),
    )
  }
})
