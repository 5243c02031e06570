import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../base/rng.ts'
import type { Bar } from '../market/bar.ts'
import { DAY_MS } from '../market/bar.ts'
import { calendarOf } from '../market/calendars/index.ts'
import { SPX } from '../market/instrument.ts'
import type { CandidateTable } from '../trading/candidate-table.ts'
import { candidateBook } from '../trading/candidates.ts'
import { lintLeaks } from '../trading/leak-lint.ts'
import { GENERAL_STRATEGIES } from '../trading/strategies/index.ts'
import { knownBars } from './events.ts'

const rng = seededRng(3)
const calendar = calendarOf('nyse')
let price = 1500
const bars: Bar[] = Array.from({ length: 280 }, (_, day) => {
  const cents = (value: number): number => Math.round(value * 100) / 100
  const open = cents(price)
  const close = cents(price * Math.exp(0.01 * rng.normal()))
  price = close
  const reach = 5 * rng.next()
  const time = Date.UTC(2010, 0, 4) + day * DAY_MS
  const [high, low] = [cents(Math.max(open, close) + reach), cents(Math.min(open, close) - reach)]
  return { time, knownAt: time + 21 * 3_600_000, open, high, low, close, volume: 1_000_000 + rng.int(500_000) }
})

/** Per bar, the outcomes of events that a data set built at that bar would have seen for the first time. */
const labelsSeen = (asOfOf: (table: CandidateTable, bar: Bar) => CandidateTable) => (series: readonly Bar[]) => {
  const book = candidateBook({
    instrument: SPX,
    calendar,
    barMs: DAY_MS,
    hasVolume: true,
    strategies: GENERAL_STRATEGIES,
  })
  for (const bar of series) book.update(bar)
  const own = asOfOf(book.table, series.at(-1)!)
  let before = new Set<number>()
  return series.map(({ knownAt }) => {
    const known = knownBars(own, knownAt)
    const fresh = known.filter(({ row }) => !before.has(row))
    before = new Set(known.map(({ row }) => row))
    return fresh.flatMap(({ row, size }) => Array.from(own.r.subarray(row, row + size)))
  })
}

const options = () => ({ rng: seededRng(5), samples: 25, horizon: 40 })

test('labels reach a data set only when the market has decided them', () => {
  assert.deepEqual(
    lintLeaks(
      labelsSeen(table => table),
      bars,
      options(),
    ).leaks,
    [],
  )
})

test('a label that is dated to its signal instead of its end is caught', () => {
  const looksAhead = (table: CandidateTable): CandidateTable => ({ ...table, labelEnd: table.time })
  assert.ok(lintLeaks(labelsSeen(looksAhead), bars, options()).leaks.length > 0)
})
