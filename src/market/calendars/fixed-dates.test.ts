import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CalendarName } from '../instrument.ts'
import { calendarOf } from './index.ts'

const at = (name: CalendarName, time: string) => calendarOf(name).at(Date.parse(time))

/** Where a calendar opens or closes: a minute before it is as said first, from there on as said second. */
type Edge = readonly [time: string, before: boolean, after: boolean]

function edges(name: CalendarName, list: readonly Edge[]): void {
  for (const [time, before, after] of list) {
    const ms = Date.parse(time)
    const calendar = calendarOf(name)
    assert.deepEqual([calendar.at(ms - 1).open, calendar.at(ms).open], [before, after], `${name} ${time}`)
  }
}

test('index futures around both changes of summer time open at 18:00 and close at 17:00 New York', () => {
  edges('cme-index', [
    // 10 March 2024: New York goes from UTC-5 to UTC-4.
    ['2024-03-08T22:00:00Z', true, false],
    ['2024-03-10T22:00:00Z', false, true],
    ['2024-03-11T21:00:00Z', true, false],
    ['2024-03-11T22:00:00Z', false, true],
    // 3 November 2024: and back.
    ['2024-11-01T21:00:00Z', true, false],
    ['2024-11-03T23:00:00Z', false, true],
    ['2024-11-04T22:00:00Z', true, false],
    ['2024-11-04T23:00:00Z', false, true],
    // 2025 and 2026.
    ['2025-03-09T22:00:00Z', false, true],
    ['2025-11-02T23:00:00Z', false, true],
    ['2026-03-08T22:00:00Z', false, true],
    ['2026-11-01T23:00:00Z', false, true],
  ])
})

test('regular hours of index futures are 09:30 to 16:00 New York on both sides of the change', () => {
  for (const [open, close] of [
    ['2024-03-08T14:30:00Z', '2024-03-08T21:00:00Z'],
    ['2024-03-11T13:30:00Z', '2024-03-11T20:00:00Z'],
    ['2024-11-01T13:30:00Z', '2024-11-01T20:00:00Z'],
    ['2024-11-04T14:30:00Z', '2024-11-04T21:00:00Z'],
  ] as const) {
    const rth = (time: string, shift: number) => calendarOf('cme-index').at(Date.parse(time) + shift).rth
    assert.deepEqual([rth(open, -1), rth(open, 0), rth(close, -1), rth(close, 0)], [false, true, true, false], open)
  }
})

test('index futures close early on stock holidays and eves, and rest on three holidays', () => {
  edges('cme-index', [
    // Independence Day 2024: 13:15 on its eve, 13:00 on the day, open again at 18:00.
    ['2024-07-03T17:15:00Z', true, false],
    ['2024-07-03T22:00:00Z', false, true],
    ['2024-07-04T17:00:00Z', true, false],
    ['2024-07-04T22:00:00Z', false, true],
    // Thanksgiving 2024, and the day after it.
    ['2024-11-28T18:00:00Z', true, false],
    ['2024-11-28T23:00:00Z', false, true],
    ['2024-11-29T18:15:00Z', true, false],
    ['2024-12-01T23:00:00Z', false, true],
    // Christmas 2024: closed from its eve, 13:15, until 18:00 on the day.
    ['2024-12-24T18:15:00Z', true, false],
    ['2024-12-25T23:00:00Z', false, true],
    // Good Friday 2024: closed from Thursday 17:00 to Sunday 18:00.
    ['2024-03-28T21:00:00Z', true, false],
    ['2024-03-31T22:00:00Z', false, true],
    // New Year 2025.
    ['2024-12-31T22:00:00Z', true, false],
    ['2025-01-01T23:00:00Z', false, true],
    // Juneteenth, from 2022 on.
    ['2025-06-19T17:00:00Z', true, false],
    ['2021-06-18T21:00:00Z', true, false],
  ])
})

test('stocks around both changes of summer time open at 09:30 and close at 16:00 New York', () => {
  edges('nyse', [
    ['2024-03-08T14:30:00Z', false, true],
    ['2024-03-08T21:00:00Z', true, false],
    ['2024-03-11T13:30:00Z', false, true],
    ['2024-03-11T20:00:00Z', true, false],
    ['2024-11-01T13:30:00Z', false, true],
    ['2024-11-01T20:00:00Z', true, false],
    ['2024-11-04T14:30:00Z', false, true],
    ['2024-11-04T21:00:00Z', true, false],
  ])
})

test('stocks close at 13:00 on the half-days of the list of the exchange', () => {
  for (const label of [
    '2023-07-03',
    '2023-11-24',
    '2024-07-03',
    '2024-11-29',
    '2024-12-24',
    '2025-07-03',
    '2025-11-28',
    '2025-12-24',
    '2026-11-27',
    '2026-12-24',
  ]) {
    const close = calendarOf('nyse').sessionClose(label)
    const summer = label.includes('-07-')
    assert.equal(new Date(close).toISOString(), `${label}T${summer ? '17' : '18'}:00:00.000Z`)
    edges('nyse', [[new Date(close).toISOString(), true, false]])
  }
  // 3 July 2026 is the holiday itself, moved from Saturday, and the 2nd a whole day.
  assert.equal(at('nyse', '2026-07-03T15:00:00Z').open, false)
  assert.equal(at('nyse', '2026-07-02T19:59:00Z').open, true)
})

test('stocks rest on the holidays of the list of the exchange', () => {
  const holidays = {
    2024: ['01-01', '01-15', '02-19', '03-29', '05-27', '06-19', '07-04', '09-02', '11-28', '12-25'],
    2025: ['01-01', '01-09', '01-20', '02-17', '04-18', '05-26', '06-19', '07-04', '09-01', '11-27', '12-25'],
    2026: ['01-01', '01-19', '02-16', '04-03', '05-25', '06-19', '07-03', '09-07', '11-26', '12-25'],
    2027: ['01-01', '01-18', '02-15', '03-26', '05-31', '06-18', '07-05', '09-06', '11-25', '12-24'],
  }
  for (const [year, days] of Object.entries(holidays)) {
    const closed: string[] = []
    for (
      let ms = Date.parse(`${year}-01-01T16:00:00Z`);
      new Date(ms).getUTCFullYear() === Number(year);
      ms += 86_400_000
    ) {
      const weekday = new Date(ms).getUTCDay()
      if (weekday > 0 && weekday < 6 && !calendarOf('nyse').at(ms).open)
        closed.push(new Date(ms).toISOString().slice(5, 10))
    }
    assert.deepEqual(closed, days, year)
  }
})

test('currencies trade from Sunday 17:00 to Friday 17:00 New York, around both changes too and on holidays', () => {
  edges('fx', [
    ['2024-03-08T22:00:00Z', true, false],
    ['2024-03-10T21:00:00Z', false, true],
    ['2024-03-15T21:00:00Z', true, false],
    ['2024-11-01T21:00:00Z', true, false],
    ['2024-11-03T22:00:00Z', false, true],
    ['2024-11-08T22:00:00Z', true, false],
  ])
  assert.equal(at('fx', '2024-07-04T15:00:00Z').open, true)
  assert.equal(at('fx', '2024-03-13T21:00:00Z').open, true, 'no break within the week')
})

test('coins trade through every change and holiday', () => {
  for (const time of ['2024-03-10T07:00:00Z', '2024-11-03T06:30:00Z', '2024-12-25T12:00:00Z', '2028-02-29T00:00:00Z']) {
    const moment = at('24x7', time)
    assert.deepEqual([moment.open, moment.rth, moment.tradeDate], [true, true, time.slice(0, 10)])
  }
})

test('a session is a whole day long in minutes on the days of the change, for the market is closed while clocks move', () => {
  const minutes = (name: CalendarName, from: string, to: string): number => {
    const calendar = calendarOf(name)
    let open = 0
    for (let ms = Date.parse(from); ms < Date.parse(to); ms += 60_000) open += calendar.at(ms).open ? 1 : 0
    return open
  }
  // The week after each change has as many minutes as any.
  for (const monday of ['2024-03-11', '2024-11-04', '2024-05-06']) {
    const from = new Date(Date.parse(`${monday}T00:00:00Z`) - 86_400_000).toISOString()
    const to = new Date(Date.parse(from) + 6.99 * 86_400_000).toISOString()
    assert.equal(minutes('cme-index', from, to), 5 * 23 * 60, monday)
    assert.equal(minutes('nyse', from, to), 5 * 390, monday)
    assert.equal(minutes('fx', from, to), 5 * 24 * 60, monday)
  }
})

test('the trade date of the hour that happens twice, and of the one that is skipped, is the session that comes', () => {
  for (const time of ['2024-11-03T05:30:00Z', '2024-11-03T06:30:00Z']) {
    assert.deepEqual([at('cme-index', time).open, at('cme-index', time).tradeDate], [false, '2024-11-04'])
  }
  assert.equal(at('cme-index', '2024-03-10T07:00:00Z').tradeDate, '2024-03-11')
})
