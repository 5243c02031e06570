// Ways to look ahead in a feature or a label, each planted in the place of ema20 in the rows of the product and caught by replacing the future
// by noise; and values that are published later than they are about. Seed of the cuts 1.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../src/base/rng.ts'
import { type Bar, DAY_MS } from '../../src/market/bar.ts'
import { calendarOf } from '../../src/market/calendars/index.ts'
import { SPX } from '../../src/market/instrument.ts'
import { mean } from '../../src/math/statistics.ts'
import type { CandidateTable } from '../../src/trading/candidate-table.ts'
import { candidateBook } from '../../src/trading/candidates.ts'
import { lintLeaks, type Observe } from '../../src/trading/leak-lint.ts'
import { nameObserved, observeCandidates } from '../../src/trading/observe-candidates.ts'
import { GENERAL_STRATEGIES } from '../../src/trading/strategies/index.ts'
import { lintVintages, type ObserveVintages, type Vintage } from '../../src/trading/vintage-lint.ts'
import { sp500Bars } from '../sp500.ts'

const bars = sp500Bars(420)
const makeBook = () =>
  candidateBook({
    instrument: SPX,
    calendar: calendarOf('nyse'),
    barMs: DAY_MS,
    hasVolume: true,
    strategies: GENERAL_STRATEGIES,
  })
const honest = observeCandidates(makeBook)
const rowsAt = (series: readonly Bar[]): number[] => {
  const book = makeBook()
  return series.map(bar => book.update(bar).rowCount)
}
const rows = rowsAt(bars)

const linted = (observe: Observe) => lintLeaks(observe, bars, { rng: seededRng(1).fork('leak'), samples: 20 }).leaks

/** Numbers of the first stance before its ema20. */
const EMA20 = 10

/** The rows of the product with this feature in them, one value a bar. */
const inTheRow =
  (feature: (series: readonly Bar[]) => readonly number[]): Observe =>
  series => {
    const values = feature(series)
    return honest(series).map((known, bar) =>
      known.length < 24 ? known : [...known.slice(0, EMA20), values[bar]!, ...known.slice(EMA20 + 1)],
    )
  }

/** A feature that knows the future is found at its column; the same one without is not. */
function caught(peeking: (series: readonly Bar[]) => readonly number[], honestly: typeof peeking): void {
  assert.deepEqual(linted(inTheRow(honestly)), [])
  const leaks = linted(inTheRow(peeking))
  assert.ok(leaks.length >= 4, `${leaks.length} of 20 cuts`)
  for (const { bar, column } of leaks) assert.equal(nameObserved(column, rows[bar]!), 'feature ema20 of stance 1')
}

const closes = (series: readonly Bar[]): number[] => series.map(({ close }) => close)

test('a feature that reads the next bar is caught by a future of noise', () => {
  caught(
    series => closes(series).map((_, bar) => series[bar + 1]?.close ?? 0),
    series => closes(series).map((_, bar) => series[bar - 1]?.close ?? 0),
  )
})

test('a feature with the mean of the whole series in it is caught by a future of noise', () => {
  caught(
    series => closes(series).map(close => close - mean(closes(series))),
    series => closes(series).map((close, bar) => close - mean(closes(series).slice(0, bar + 1))),
  )
})

test('a moving average that is centred on its bar is caught by a future of noise', () => {
  const average = (from: number, to: number) => (series: readonly Bar[]) =>
    series.map((_, bar) => mean(closes(series).slice(Math.max(0, bar + from), bar + to + 1)))
  caught(average(-2, 2), average(-4, 0))
})

test('the close of a week that is stamped at its Monday, as a day at its open, is caught by a future of noise', () => {
  // 1970 began on a Thursday.
  const weekOf = ({ time }: Bar): number => Math.floor((time / DAY_MS + 3) / 7)
  const closeOf = (series: readonly Bar[], week: number): number =>
    series.findLast(bar => weekOf(bar) === week)?.close ?? 0
  caught(
    series => series.map(bar => closeOf(series, weekOf(bar))),
    series => series.map(bar => closeOf(series, weekOf(bar) - 1)),
  )
})

test('prices that are adjusted by the ratio of a later roll are caught by a future of noise', () => {
  const roll = 330
  const ratioOf = (series: readonly Bar[]): number =>
    series[roll] === undefined ? 1 : series[roll].open / series[roll - 1]!.close
  caught(
    series => closes(series).map((close, bar) => (bar < roll ? close * ratioOf(series) : close)),
    series => closes(series).map((close, bar) => (bar < roll ? close : close / ratioOf(series))),
  )
})

test('a price that was mended with the bar after it, as a spike is, is caught by a future of noise', () => {
  caught(
    series =>
      closes(series).map((close, bar) => {
        const [before, next] = [series[bar - 1]?.close ?? close, series[bar + 1]?.close ?? close]
        return Math.abs(close - before) > Math.abs(next - before) ? before : close
      }),
    closes,
  )
})

/** Rows of the whole series, whenever they were known. */
function everyRow(series: readonly Bar[]): CandidateTable {
  const book = makeBook()
  for (const bar of series) book.update(bar)
  return book.table
}

/** Share of wins per bar of the rows stated before it, counted where `counts` says so. */
const winRate = (counts: (table: CandidateTable, row: number, bar: Bar) => boolean) => (series: readonly Bar[]) => {
  const table = everyRow(series)
  return series.map((bar, index) => {
    let [wins, n] = [5, 10]
    for (let row = 0; row < table.length && table.bar[row]! < index; row++) {
      if (!counts(table, row, bar)) continue
      wins += table.win[row]!
      n++
    }
    return wins / n
  })
}

test('a win rate that counts outcomes before they are decided is caught by a future of noise', () => {
  caught(
    winRate(() => true),
    winRate((table, row, bar) => table.labelEnd[row]! <= bar.knownAt),
  )
})

test('a label whose span ends after the moment it is asked for is caught by a future of noise', () => {
  const labels =
    (knownBy: (table: CandidateTable, row: number, bar: Bar) => boolean): Observe =>
    series => {
      const table = everyRow(series)
      return series.map((bar, index) => {
        const known: number[] = []
        for (let row = 0; row < table.length && table.bar[row]! <= index; row++) {
          if (knownBy(table, row, bar)) known.push(table.r[row]!)
        }
        return known
      })
    }
  assert.deepEqual(linted(labels((table, row, bar) => table.labelEnd[row]! <= bar.knownAt)), [])
  const leaks = linted(labels((table, row, bar) => table.time[row]! <= bar.knownAt))
  assert.ok(leaks.length >= 4, `${leaks.length} of 20 cuts`)
})

const MONTH_MS = 30 * DAY_MS
/** A figure about each month, published six weeks after its end. */
const vintages: Vintage[] = Array.from({ length: 24 }, (_, month) => ({
  observedAt: month * MONTH_MS,
  publishedAt: (month + 1) * MONTH_MS + 42 * DAY_MS,
  value: 100 + month,
}))
const moments = Array.from({ length: 90 }, (_, step) => step * 8 * DAY_MS)
const latestBy =
  (key: 'observedAt' | 'publishedAt'): ObserveVintages =>
  (all, asked) =>
    asked.map(moment => all.findLast(one => one[key] <= moment)?.value ?? 0)

test('a figure of the economy that is used from the day it is about is caught by scrambling what is unpublished', () => {
  const rng = seededRng(1)
  assert.deepEqual(lintVintages(latestBy('publishedAt'), vintages, moments, { rng }), [])
  const leaks = lintVintages(latestBy('observedAt'), vintages, moments, { rng })
  assert.ok(leaks.length > 50, `${leaks.length} of 90 moments`)
})

test('a figure that was revised later is caught where the revision is used for the first print', () => {
  const revised = vintages.map(one => ({ ...one, publishedAt: one.publishedAt + 60 * DAY_MS, value: one.value + 1 }))
  const both = [...vintages, ...revised].sort((a, b) => a.publishedAt - b.publishedAt)
  const lastWord: ObserveVintages = (all, asked) =>
    asked.map(moment => {
      const month = all.findLast(one => one.publishedAt <= moment)?.observedAt
      return all.findLast(one => one.observedAt === month)?.value ?? 0
    })
  const rng = seededRng(1)
  assert.deepEqual(lintVintages(latestBy('publishedAt'), both, moments, { rng }), [])
  const leaks = lintVintages(lastWord, both, moments, { rng })
  assert.ok(leaks.length >= 5, `${leaks.length} of 90 moments`)
})
