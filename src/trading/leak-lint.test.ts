import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openCalendar } from '../../test/open-calendar.ts'
import { sp500Bars } from '../../test/sp500.ts'
import { seededRng } from '../base/rng.ts'
import { featureRow } from '../features/row.ts'
import type { Bar } from '../market/bar.ts'
import { DAY_MS } from '../market/bar.ts'
import { SPX } from '../market/instrument.ts'
import { candidateBook } from './candidates.ts'
import type { Observe } from './leak-lint.ts'
import { lintLeaks } from './leak-lint.ts'
import { observeCandidates } from './observe-candidates.ts'
import { GENERAL_STRATEGIES } from './strategies/index.ts'

const bars = sp500Bars(420)
const context = { instrument: SPX, calendar: openCalendar, barMs: DAY_MS }

const observeFeatures: Observe = series => {
  const row = featureRow(context, { hasVolume: true })
  return series.map(bar => {
    row.update(bar)
    return [...row.values]
  })
}

const makeBook = () => candidateBook({ ...context, hasVolume: true, strategies: GENERAL_STRATEGIES })

test('the features are never flagged in 1,000 samples', () => {
  assert.deepEqual(lintLeaks(observeFeatures, bars, { rng: seededRng(1), samples: 1000 }), { samples: 1000, leaks: [] })
})

test('rows and labels of the candidate book do not look ahead', () => {
  assert.deepEqual(lintLeaks(observeCandidates(makeBook), bars, { rng: seededRng(2) }), { samples: 200, leaks: [] })
})

test('a feature that peeks at the next bar is caught at every cut, at the very bar', () => {
  const peeking: Observe = series =>
    observeFeatures(series).map((row, i) => [...row, (series[i + 1] ?? series[i]!).close])
  const { leaks } = lintLeaks(peeking, bars, { rng: seededRng(3) })
  assert.equal(leaks.length, 200)
  assert.ok(leaks.every(({ cut, bar, column }) => bar === cut && column === 17))
})

test('a feature scaled by the whole series is caught', () => {
  const scaled: Observe = series => {
    const highest = Math.max(...series.map(({ high }) => high))
    return series.map(({ close }) => [close / highest])
  }
  assert.ok(lintLeaks(scaled, bars, { rng: seededRng(4) }).leaks.length > 150)
})

test('a label that is known before its end is caught', () => {
  // The outcome stands beside its own signal, as if it had been known there.
  const early: Observe = series => {
    const book = makeBook()
    const events = series.map(bar => book.update(bar))
    return events.map(({ firstRow, rowCount }) => Array.from(book.table.r.subarray(firstRow, firstRow + rowCount)))
  }
  const { leaks } = lintLeaks(early, sp500Bars(300), { rng: seededRng(5) })
  assert.ok(leaks.length > 50, String(leaks.length))
})

test('something that appears only because of later bars is caught', () => {
  const pivot: Observe = series =>
    series.map(({ high }, i) => (high > (series[i + 1]?.high ?? Number.POSITIVE_INFINITY) ? [high] : []))
  assert.ok(lintLeaks(pivot, bars, { rng: seededRng(6) }).leaks.some(({ column }) => column === -1))
})

test('the same seed samples the same cuts', () => {
  const cutsOf = (seed: number) => {
    const cuts: Bar[][] = []
    lintLeaks(
      series => {
        cuts.push([...series])
        return []
      },
      bars,
      { rng: seededRng(seed), samples: 5 },
    )
    return cuts
  }
  assert.deepEqual(cutsOf(7), cutsOf(7))
})

test('noise bars are whole: prices positive and on the grid, high and low around open and close', () => {
  lintLeaks(
    series => {
      for (const { open, high, low, close } of series.slice(1)) {
        assert.ok(low > 0 && low <= Math.min(open, close) && high >= Math.max(open, close))
      }
      return []
    },
    bars.map(bar => ({ ...bar, open: 100, high: 100, low: 100, close: 100 })),
    { rng: seededRng(8), samples: 20, step: 0.25 },
  )
})
