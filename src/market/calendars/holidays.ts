// United States market holidays and early closes: the rules of the exchanges plus the days that no rule foresaw.

import { labelDay, weekday } from './zone.ts'

/** Of the rules and the days below; whoever changes any of them changes it too (DATA-09). */
export const HOLIDAYS_VERSION = '2026.1'

/** The table is checked up to the end of this date; beyond it a calendar says "closed" for entries. */
export const HOLIDAYS_VALID_UNTIL = '2027-12-31'

const dayOf = (year: number, month: number, date: number): number => Date.UTC(year, month - 1, date) / 86_400_000

/** The n-th given weekday of a month; n = -1 is the last. */
function nth(year: number, month: number, wanted: number, n: number): number {
  if (n < 0) {
    const last = dayOf(year, month + 1, 0)
    return last - ((weekday(last) - wanted + 7) % 7)
  }
  const first = dayOf(year, month, 1)
  return first + ((wanted - weekday(first) + 7) % 7) + 7 * (n - 1)
}

/** Easter Sunday, anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, chapter 8). */
export function easter(year: number): number {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const d = Math.floor(b / 4)
  const e = b % 4
  const g = Math.floor((8 * b + 13) / 25)
  const h = (19 * a + b - d - g + 15) % 30
  const i = Math.floor(c / 4)
  const k = c % 4
  const l = (32 + 2 * e + 2 * i - h - k) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const sum = h + l - 7 * m + 114
  return dayOf(year, Math.floor(sum / 31), (sum % 31) + 1)
}

const observed = (day: number): number => (weekday(day) === 6 ? day - 1 : weekday(day) === 0 ? day + 1 : day)

const SPECIAL_CLOSINGS = [
  '1994-04-27',
  '2001-09-11',
  '2001-09-12',
  '2001-09-13',
  '2001-09-14',
  '2004-06-11',
  '2007-01-02',
  '2012-10-29',
  '2012-10-30',
  '2018-12-05',
  '2025-01-09',
].map(labelDay)

/** Early closes that follow no rule of today: eves that the exchange chose in that year. */
const SPECIAL_HALF_DAYS = ['1999-12-31', '2002-07-05', '2003-12-26'].map(labelDay)

export type UsHolidays = {
  readonly newYear: number | undefined
  readonly goodFriday: number
  readonly christmas: number
  /** The other full holidays of the stock exchanges. */
  readonly others: readonly number[]
  readonly special: readonly number[]
  readonly halfDays: readonly number[]
}

export function usHolidays(year: number): UsHolidays {
  const january1 = dayOf(year, 1, 1)
  const july4 = dayOf(year, 7, 4)
  const thanksgiving = nth(year, 11, 4, 4)
  const christmas = observed(dayOf(year, 12, 25))
  const others = [
    nth(year, 1, 1, 3),
    nth(year, 2, 1, 3),
    nth(year, 5, 1, -1),
    observed(july4),
    nth(year, 9, 1, 1),
    thanksgiving,
  ]
  if (year < 1998) others.shift()
  if (year >= 2022) others.push(observed(dayOf(year, 6, 19)))
  const halfDays = [thanksgiving + 1, ...SPECIAL_HALF_DAYS.filter(day => day >= january1 && day < january1 + 366)]
  const eve = dayOf(year, 12, 24)
  if (weekday(eve) >= 1 && weekday(eve) <= 4) halfDays.push(eve)
  const july3 = july4 - 1
  if (weekday(july3) >= 1 && weekday(july3) <= 4 && year !== 2002) halfDays.push(july3)
  return {
    // A Saturday New Year is not moved to Friday: that day closes the old year's books.
    newYear: weekday(january1) === 6 ? undefined : observed(january1),
    goodFriday: easter(year) - 2,
    christmas,
    others,
    special: SPECIAL_CLOSINGS.filter(day => day >= january1 && day < january1 + 366),
    halfDays,
  }
}
