import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../base/rng.ts'
import type { Bar } from '../market/bar.ts'
import { calendarOf } from '../market/calendars/index.ts'
import { cashInstrument, FUTURES } from '../market/instrument.ts'
import { type ImportOptions, importBars } from './import.ts'
import { findGaps, findSpikes, longestStaleRun, missingSessions, shapeProblem } from './quality.ts'
import type { RowSource } from './rows.ts'

const ES = FUTURES[0]!
const NYSE = calendarOf('nyse')
const MINUTE = 60_000

const flat = (close: number, volume = 1) => ({ open: close, high: close, low: close, close, volume })

test('a price of a future must lie within a millionth of a tick of its grid, a share has none', () => {
  assert.equal(shapeProblem(flat(5000.25), ES), undefined)
  assert.equal(shapeProblem(flat(5000.25 + 0.2e-6), ES), undefined)
  assert.match(shapeProblem(flat(5000.25 + 0.3e-6), ES) ?? '', /is not a multiple of the tick 0\.25/)
  assert.match(shapeProblem({ ...flat(5000.25), high: 5000.3 }, ES) ?? '', /price 5000\.3 /)
  assert.equal(shapeProblem(flat(5000.3), cashInstrument('X', 'nyse')), undefined)
})

/** A walk of 1,000 bars with returns around 0.1 %. */
function walk(): { open: number; high: number; low: number; close: number; volume: number }[] {
  const rng = seededRng('spikes')
  let close = 100
  return Array.from({ length: 1000 }, () => {
    close *= 1 + (rng.next() - 0.5) * 0.002
    return flat(close)
  })
}

/** The robust scale of the 500 returns before a bar, computed by sorting. */
function scaleBefore(bars: readonly { readonly close: number }[], index: number): number {
  const returns = Array.from({ length: 500 }, (_, i) =>
    Math.log(bars[index - 500 + i]!.close / bars[index - 501 + i]!.close),
  )
  const median = (list: readonly number[]) => {
    const sorted = list.toSorted((a, b) => a - b)
    return (sorted[249]! + sorted[250]!) / 2
  }
  const middle = median(returns)
  return 1.4826 * median(returns.map(value => Math.abs(value - middle)))
}

test('a jump beyond 12 robust sigmas that goes back by 80 % is a spike; less of either is none', () => {
  const at = 700
  const bars = walk()
  const [before, scale] = [bars[at - 1]!.close, scaleBefore(bars, at)]
  const withJump = (sigmas: number, back: number) => {
    const peak = before * Math.exp(sigmas * scale)
    const after = peak - back * (peak - before)
    return findSpikes(
      bars.map((bar, i) => (i < at ? bar : i === at ? flat(peak) : flat(after * (bar.close / bars[at + 1]!.close)))),
    )
  }
  assert.deepEqual(withJump(12.5, 0.85), [at])
  assert.deepEqual(withJump(-12.5, 0.85), [at])
  assert.deepEqual(withJump(11, 0.85), [])
  assert.deepEqual(withJump(12.5, 0.75), [])
})

test('before there are 500 bars to measure by, and at the last bar, nothing is called a spike', () => {
  const bars = walk().map((bar, i) => (i === 499 || i === 999 ? flat(bar.close * 1.5) : bar))
  assert.deepEqual(findSpikes(bars), [])
})

/** Minute bars of whole sessions, minus those that a test takes out. */
function sessions(labels: readonly string[], keep: (label: string, minute: number) => boolean = () => true): Bar[] {
  return labels.flatMap(label => {
    const open = NYSE.sessionClose(label) - 390 * MINUTE
    return Array.from({ length: 390 }, (_, minute) => {
      const time = open + minute * MINUTE
      return { time, knownAt: time + MINUTE, ...flat(100) }
    }).filter((_, minute) => keep(label, minute))
  })
}

const WEEK = ['2024-03-07', '2024-03-08', '2024-03-11', '2024-03-12']

test('a day of which more than 15 % is missing is kept from labels, one with exactly 15 % is not', () => {
  const without = (n: number) =>
    findGaps(
      sessions(WEEK, (label, minute) => label !== '2024-03-11' || minute < 200 || minute >= 200 + n),
      MINUTE,
      NYSE,
    )
  assert.deepEqual(without(58), { missing: 58, excludedDates: [] })
  assert.deepEqual(without(59), { missing: 59, excludedDates: ['2024-03-11'] })
  assert.deepEqual(without(0), { missing: 0, excludedDates: [] })
})

test('a day without any bar is missing whole, a holiday and a weekend are not, a half-day is half', () => {
  const gone = findGaps(
    sessions(WEEK, label => label !== '2024-03-08'),
    MINUTE,
    NYSE,
  )
  assert.deepEqual(gone, { missing: 390, excludedDates: ['2024-03-08'] })
  const half = sessions(['2024-07-02', '2024-07-05'])
  // The eve of Independence Day has 210 minutes, the day itself none.
  assert.deepEqual(findGaps(half, MINUTE, NYSE), { missing: 210, excludedDates: ['2024-07-03'] })
})

test('a run of equal closes without volume counts inside regular hours only, and volume ends it', () => {
  const quiet = sessions(['2024-03-07']).map((bar, i) => ({ ...bar, volume: i >= 100 && i < 131 ? 0 : 5 }))
  assert.equal(longestStaleRun(quiet, NYSE), 31)
  assert.equal(
    longestStaleRun(
      quiet.map((bar, i) => (i === 115 ? { ...bar, volume: 1 } : bar)),
      NYSE,
    ),
    15,
  )
  assert.equal(
    longestStaleRun(
      quiet.map((bar, i) => (i === 115 ? { ...bar, close: 101 } : bar)),
      NYSE,
    ),
    15,
  )
  const night = quiet.map(bar => ({ ...bar, time: bar.time - 12 * 3_600_000 }))
  assert.equal(longestStaleRun(night, NYSE), 0)
})

const OPTIONS: ImportOptions = {
  symbol: 'X',
  maxBad: 0.5,
  now: Date.parse('2024-03-07T15:00:00Z'),
  fileSha256: '',
  calendar: 'nyse',
}

const source = (bars: readonly Bar[]): RowSource => ({
  name: 'bars',
  columns: ['time', 'open', 'high', 'low', 'close', 'volume'],
  async *rows() {
    for (const [i, { time, open, high, low, close, volume }] of bars.entries()) {
      yield { line: i + 2, cells: [new Date(time).toISOString(), ...[open, high, low, close, volume].map(String)] }
    }
  },
})

test('a row of up to five seconds from now is believed, a later one is not', async () => {
  const bar = (ms: number): Bar => ({ time: OPTIONS.now + ms, knownAt: 0, ...flat(100) })
  const { report, bars } = await importBars(source([bar(-120_000), bar(-60_000), bar(5000), bar(5001)]), OPTIONS)
  assert.deepEqual([bars.length, report.rejected, report.firstRejects[0]!.reason], [3, 1, 'time lies in the future'])
})

test('an import warns of a stale run from 30 bars on, and says which days give no labels', async () => {
  const stale = (n: number) => sessions(WEEK).map((bar, i) => ({ ...bar, volume: i >= 100 && i < 100 + n ? 0 : 5 }))
  const late = { ...OPTIONS, now: Date.parse('2025-01-01T00:00:00Z') }
  const warned = async (n: number) =>
    (await importBars(source(stale(n)), late)).report.warnings.some(text => text.includes('equal closes'))
  assert.deepEqual([await warned(29), await warned(30)], [false, true])
  const { report } = await importBars(
    source(sessions(WEEK, (label, minute) => label !== '2024-03-11' || minute < 300)),
    late,
  )
  assert.deepEqual(report.excludedDates, ['2024-03-11'])
  assert.ok(report.warnings.some(text => text.includes('give no labels')))
})

test('daily bars that miss a session are told of; holidays and weekends are no gaps', () => {
  const DAY = 86_400_000
  const days = (from: string, count: number) =>
    Array.from({ length: count }, (_, i) => ({ time: Date.parse(`${from}T00:00:00Z`) + i * DAY }))
  // Independence Day of 2024 is a Thursday.
  const week = days('2024-07-01', 12).filter(({ time }) => ![4, 6, 7, 9].includes(new Date(time).getUTCDate()))
  assert.deepEqual(missingSessions(week, calendarOf('nyse')), ['2024-07-09'])
  // Futures have a short session on that day, currencies trade on, and coins on weekends too.
  assert.deepEqual(missingSessions(week, calendarOf('cme-index')), ['2024-07-04', '2024-07-09'])
  assert.deepEqual(missingSessions(week, calendarOf('fx')), ['2024-07-04', '2024-07-09'])
  assert.equal(missingSessions(week, calendarOf('24x7')).length, 4)
})

test('an import of daily bars counts the sessions that it has no bar of', async () => {
  const dates = ['2023-07-03', '2023-07-05', '2023-07-06', '2023-07-10', '2023-07-11']
  const bars = dates.map(date => ({ time: Date.parse(`${date}T00:00:00Z`), knownAt: 0, ...flat(100) }))
  const { report } = await importBars(source(bars), { ...OPTIONS, barMs: 24 * 60 * MINUTE })
  assert.equal(report.missingBars, 1)
  assert.ok(report.warnings.includes('1 sessions have no bar, the first of them 2023-07-07'))
})
