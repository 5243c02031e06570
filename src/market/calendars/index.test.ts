import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { sharedData, skipWithoutData } from '../../../test/shared-data.ts'
import { easter } from './holidays.ts'
import { calendarOf } from './index.ts'
import { dayLabel, weekday, zone } from './zone.ts'

const at = (name: Parameters<typeof calendarOf>[0], time: string) => calendarOf(name).at(Date.parse(time))

test('Easter falls where the almanac says', () => {
  assert.deepEqual([1998, 2000, 2008, 2019, 2024, 2027].map(easter).map(dayLabel), [
    '1998-04-12',
    '2000-04-23',
    '2008-03-23',
    '2019-04-21',
    '2024-03-31',
    '2027-03-28',
  ])
})

test('New York stock sessions of 1998 to 2019 are exactly the days on which SPY traded', {
  skip: skipWithoutData(),
}, () => {
  const text = gunzipSync(readFileSync(join(sharedData()!, 'equity_daily_adj', 'SPY_1d_adj.csv.gz'))).toString()
  const traded = new Set(
    text
      .split('\n')
      .slice(1)
      .filter(line => line !== '')
      .map(line => line.slice(0, 10)),
  )
  const nyse = calendarOf('nyse')
  for (let day = 10228; day <= 18261; day++) {
    const label = dayLabel(day)
    const moment = nyse.at(zone('America/New_York').utc(day, 600))
    assert.equal(moment.open, traded.has(label), `${label} (weekday ${weekday(day)})`)
  }
})

test('early closes of 2010 to 2019 are exactly the days with four hourly bars', { skip: skipWithoutData() }, () => {
  const text = gunzipSync(readFileSync(join(sharedData()!, 'equity_hourly', 'SPY_1h_raw.csv.gz'))).toString()
  const bars = new Map<string, number>()
  for (const line of text.split('\n').slice(1))
    if (line >= '2010') bars.set(line.slice(0, 10), (bars.get(line.slice(0, 10)) ?? 0) + 1)
  for (const [label, count] of bars) {
    const close = new Date(calendarOf('nyse').sessionClose(label)).toISOString().slice(11, 16)
    assert.equal(['17:00', '18:00'].includes(close), count === 4, `${label} closes ${close} with ${count} bars`)
  }
})

test('index futures break from 17:00 to 18:00, rest from Friday to Sunday and roll the trade date at the break', () => {
  assert.deepEqual(
    [at('cme-index', '2024-01-10T21:59:00Z').open, at('cme-index', '2024-01-10T22:30:00Z').open],
    [true, false],
  )
  assert.equal(at('cme-index', '2024-01-10T22:30:00Z').span, 'maintenance')
  assert.equal(at('cme-index', '2024-01-10T21:59:00Z').tradeDate, '2024-01-10')
  assert.equal(at('cme-index', '2024-01-10T23:00:00Z').tradeDate, '2024-01-11')
  assert.equal(at('cme-index', '2024-01-12T22:00:00Z').span, 'weekend')
  assert.equal(at('cme-index', '2024-01-14T22:59:00Z').open, false)
  assert.equal(at('cme-index', '2024-01-14T23:00:00Z').open, true)
})

test('both changes of summer time move the opening in UTC and nothing else', () => {
  const open = (label: string) => at('nyse', `${label}T13:30:00Z`).open
  assert.deepEqual(['2024-03-08', '2024-03-11', '2024-11-01', '2024-11-04'].map(open), [false, true, true, false])
})

test('the hour that happens twice is mapped to its first run, the skipped hour to the moment after it', () => {
  const newYork = zone('America/New_York')
  const twice = Date.parse('2024-11-03T00:00:00Z') / 86_400_000
  assert.equal(new Date(newYork.utc(twice, 90)).toISOString(), '2024-11-03T05:30:00.000Z')
  const skipped = Date.parse('2024-03-10T00:00:00Z') / 86_400_000
  assert.equal(new Date(newYork.utc(skipped, 150)).toISOString(), '2024-03-10T07:30:00.000Z')
})

test('29 February is a session and the minutes to its close are counted', () => {
  const moment = at('nyse', '2024-02-29T20:50:00Z')
  assert.deepEqual([moment.open, moment.rth, moment.minutesToClose, moment.tradeDate], [true, true, 10, '2024-02-29'])
})

test('currencies trade from Sunday 17:00 to Friday 17:00 New York', () => {
  assert.deepEqual(
    ['2024-01-14T21:59:00Z', '2024-01-14T22:00:00Z', '2024-01-19T21:59:00Z', '2024-01-19T22:00:00Z'].map(
      time => at('fx', time).open,
    ),
    [false, true, true, false],
  )
})

test('beyond its table a calendar says closed', () => {
  assert.equal(at('nyse', '2028-01-05T16:00:00Z').open, false)
})

test('CAL-05: training is intensive in the break and while the market is closed, light while it trades', () => {
  const load = (time: string, name: Parameters<typeof calendarOf>[0] = 'cme-index') => {
    const { level, everyMinutes } = at(name, time).training
    return `${level} ${everyMinutes}`
  }
  // Wednesday in the break, Saturday, Christmas, and a minute before and at the end of the break.
  assert.equal(load('2024-01-10T22:30:00Z'), 'intensive 10')
  assert.equal(load('2024-01-13T15:00:00Z'), 'intensive 15')
  assert.equal(load('2024-12-25T15:00:00Z'), 'intensive 15')
  assert.deepEqual([load('2024-01-10T22:59:00Z'), load('2024-01-10T23:00:00Z')], ['intensive 10', 'light 60'])
  assert.equal(load('2024-01-13T15:00:00Z', '24x7'), 'light 60')
})
