import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { sharedData, skipWithoutData } from '../../test/shared-data.ts'
import type { Bar } from '../market/bar.ts'
import { calendarOf } from '../market/calendars/index.ts'
import { dayLabel, labelDay } from '../market/calendars/zone.ts'
import { asSeenAt } from './continuous.ts'
import { adjusted, type CorporateAction, factorOf } from './corporate-actions.ts'

const DAY_MS = 86_400_000
const calendar = calendarOf('nyse')
const SCALE = { barMs: DAY_MS, calendar }

const daily = (date: string, close: number, volume = 100): Bar => ({
  time: labelDay(date) * DAY_MS,
  knownAt: calendar.sessionClose(date),
  open: close,
  high: close,
  low: close,
  close,
  volume,
})

const near = (actual: number, expected: number, within = 1e-12) =>
  assert.ok(Math.abs(actual / expected - 1) < within, `${actual} instead of ${expected}`)

test('factors by hand: a split of 7 for 1 is a seventh, a dividend is its share of the close before', () => {
  near(factorOf({ exDate: '2014-06-09', kind: 'split', ratio: 7 }, 645.57), 1 / 7)
  near(factorOf({ exDate: '2013-02-07', kind: 'dividend', amount: 2.65 }, 457.35), 454.7 / 457.35)
  near(factorOf({ exDate: '2020-01-02', kind: 'split', ratio: 0.1 }, 3), 10)
  assert.throws(() => factorOf({ exDate: '2020-01-02', kind: 'dividend', amount: 5 }, 5), {
    code: 'DATA_ACTION_INVALID',
  })
  assert.throws(() => factorOf({ exDate: '2020-01-02', kind: 'split', ratio: 0 }, 5), { code: 'DATA_ACTION_INVALID' })
})

test('a worksheet by hand: a dividend of 2 on 100, then a split of 2 for 1', () => {
  const bars = [
    daily('2024-03-04', 100),
    daily('2024-03-05', 98),
    daily('2024-03-06', 102),
    daily('2024-03-07', 50, 200),
  ]
  const actions: readonly CorporateAction[] = [
    { exDate: '2024-03-07', kind: 'split', ratio: 2 },
    { exDate: '2024-03-05', kind: 'dividend', amount: 2 },
  ]
  const series = adjusted('X', bars, actions, SCALE)
  const columns = series.map(({ factor, shares, contract, adjusted: { close, volume } }) => [
    factor,
    shares,
    contract,
    close,
    volume,
  ])
  assert.deepEqual(
    columns.map(([factor, shares, contract]) => [factor, shares, contract]),
    [
      [1, 1, 'X'],
      [0.98, 1, 'X'],
      [0.98, 1, 'X'],
      [0.49, 0.5, 'X after 2024-03-07'],
    ],
  )
  // Nothing was won or lost on the ex-date: 98 and the 2 that were paid are 100.
  near(series[1]!.adjusted.close, 100)
  near(series[2]!.adjusted.close, 102 / 0.98)
  near(series[3]!.adjusted.close, 50 / 0.49)
  assert.deepEqual(
    series.map(({ adjusted: bar }) => bar.volume),
    [100, 100, 100, 100],
  )
  const seen = (index: number) => asSeenAt({ bars: series }, bars[index]!.knownAt).map(({ close }) => close)
  assert.deepEqual(seen(0), [100])
  near(seen(1)[0]!, 98)
  near(seen(3)[0]!, 49)
  near(seen(3)[2]!, 51)
  near(seen(3)[3]!, 50)
})

test('actions before the first bar and after the last one change nothing', () => {
  const bars = [daily('2024-03-05', 98), daily('2024-03-06', 102)]
  const actions: readonly CorporateAction[] = [
    { exDate: '2024-03-05', kind: 'dividend', amount: 2 },
    { exDate: '2024-03-07', kind: 'split', ratio: 2 },
  ]
  assert.deepEqual(adjusted('X', bars, actions, SCALE), adjusted('X', bars, [], SCALE))
})

/** What Apple announced. */
const APPLE: readonly CorporateAction[] = [
  ...(
    [
      ['2012-08-09', 2.65],
      ['2012-11-07', 2.65],
      ['2013-02-07', 2.65],
      ['2013-05-09', 3.05],
      ['2013-08-08', 3.05],
      ['2013-11-06', 3.05],
      ['2014-02-06', 3.05],
      ['2014-05-08', 3.29],
      ['2014-08-07', 0.47],
    ] as const
  ).map(([exDate, amount]) => ({ exDate, kind: 'dividend' as const, amount })),
  { exDate: '2014-06-09', kind: 'split', ratio: 7 },
]

test('Apple from 2012 to 2014: the returns are those of an independently adjusted series, and the factors those of its table', {
  skip: skipWithoutData(),
}, () => {
  const read = (folder: string, file: string): Bar[] =>
    gunzipSync(readFileSync(join(sharedData()!, folder, file)))
      .toString()
      .split('\n')
      .filter(line => line >= '2012-08-01' && line < '2014-10-01')
      .map(line => {
        const [time = '', open, high, low, close, volume] = line.split(',')
        const prices = { open: Number(open), high: Number(high), low: Number(low), close: Number(close) }
        return { ...daily(time.slice(0, 10), 1), ...prices, volume: Number(volume) }
      })
  const raw = read('equity_daily_raw', 'AAPL_1d_raw.csv.gz')
  const reference = read('equity_daily_adj', 'AAPL_1d_adj.csv.gz')
  const series = adjusted('AAPL', raw, APPLE, SCALE)
  assert.deepEqual(
    raw.map(({ time }) => time),
    reference.map(({ time }) => time),
  )
  assert.ok(series.length > 540)
  for (let i = 1; i < series.length; i++) {
    const own = series[i]!.adjusted.close / series[i - 1]!.adjusted.close
    // Six decimals of the reference.
    assert.ok(Math.abs(own - reference[i]!.close / reference[i - 1]!.close) < 2e-6, dayLabel(raw[i]!.time / DAY_MS))
  }
  // Volume of the reference is that of the shares after the split of 2020: 4 for 1 as well.
  near(
    (series[0]!.adjusted.volume / series.at(-1)!.adjusted.volume) * (reference.at(-1)!.volume / reference[0]!.volume),
    1,
    1e-6,
  )
  const table = readFileSync(join(sharedData()!, 'equity_daily_raw', 'AAPL_factors.csv'), 'utf8')
  const rows = table.split('\n').map(line => line.split(',').map(Number))
  const whole = (row: readonly number[] | undefined) => row![1]! * row![2]!
  let compared = 0
  for (const [index, row] of rows.entries()) {
    const text = String(row[0])
    const before = series.findIndex(({ real }) => dayLabel(real.time / DAY_MS).replaceAll('-', '') === text)
    if (before < 0) continue
    near(series[before + 1]!.factor / series[before]!.factor, whole(row) / whole(rows[index + 1]), 1e-6)
    compared++
  }
  assert.equal(compared, 10)
})

test('law: what is announced for later, or traded later, changes nothing before it', () => {
  const dates = Array.from({ length: 60 }, (_, i) => dayLabel(labelDay('2024-01-02') + i))
  const action = fc
    .tuple(fc.integer({ min: 1, max: 59 }), fc.boolean(), fc.integer({ min: 1, max: 9 }))
    .map(
      ([day, split, size]): CorporateAction =>
        split
          ? { exDate: dates[day]!, kind: 'split', ratio: size }
          : { exDate: dates[day]!, kind: 'dividend', amount: size / 10 },
    )
  const prices = fc.array(fc.integer({ min: 50, max: 150 }), { minLength: 60, maxLength: 60 })
  fc.assert(
    fc.property(
      prices,
      prices,
      fc.array(action),
      fc.array(action),
      fc.integer({ min: 0, max: 58 }),
      (one, two, first, second, cut) => {
        const bars = one.map((price, i) => daily(dates[i]!, price))
        const others = bars.map((bar, i) => (i <= cut ? bar : daily(dates[i]!, two[i]!)))
        const known = first.filter(({ exDate }) => exDate <= dates[cut]!)
        const later = (list: readonly CorporateAction[]) => list.filter(({ exDate }) => exDate > dates[cut]!)
        const a = adjusted('X', bars, [...known, ...later(first)], SCALE)
        const b = adjusted('X', others, [...later(second), ...known], SCALE)
        assert.deepEqual(b.slice(0, cut + 1), a.slice(0, cut + 1))
        assert.deepEqual(asSeenAt({ bars: b }, bars[cut]!.knownAt), asSeenAt({ bars: a }, bars[cut]!.knownAt))
      },
    ),
    { numRuns: 100 },
  )
})

test('law: on days without an action the return is the one that was traded', () => {
  const bars = Array.from({ length: 40 }, (_, i) => daily(dayLabel(labelDay('2024-01-02') + i), 100 + 7 * Math.sin(i)))
  const actions: readonly CorporateAction[] = [{ exDate: '2024-01-20', kind: 'split', ratio: 3 }]
  const series = adjusted('X', bars, actions, SCALE)
  for (let i = 1; i < series.length; i++) {
    const traded = bars[i]!.close / bars[i - 1]!.close
    const own = series[i]!.adjusted.close / series[i - 1]!.adjusted.close
    near(own, dayLabel(bars[i]!.time / DAY_MS) === '2024-01-20' ? traded * 3 : traded)
  }
})
