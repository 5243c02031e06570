// The catalogue of exchange calendars: US stocks, CME index futures, foreign exchange, and markets that never close.

import type { Calendar, CalendarMoment } from '../calendar.ts'
import type { CalendarName } from '../instrument.ts'
import { HOLIDAYS_VALID_UNTIL, type UsHolidays, usHolidays } from './holidays.ts'
import { type SessionDay, sessionCalendar } from './session-calendar.ts'
import { trainingLoad } from './training-load.ts'
import { dayLabel, labelDay, weekday, zone } from './zone.ts'

const NEW_YORK = zone('America/New_York')
const RTH = { open: 9 * 60 + 30, close: 16 * 60 }

const years = new Map<number, UsHolidays>()
function holidaysOf(day: number): UsHolidays {
  const year = new Date(day * 86_400_000).getUTCFullYear()
  const known = years.get(year)
  if (known !== undefined) return known
  const made = usHolidays(year)
  years.set(year, made)
  return made
}

const isWeekend = (day: number): boolean => weekday(day) === 0 || weekday(day) === 6

function nyseSession(day: number): SessionDay | undefined {
  const { newYear, goodFriday, christmas, others, special, halfDays } = holidaysOf(day)
  if (isWeekend(day) || [newYear, goodFriday, christmas, ...others, ...special].includes(day)) return undefined
  return { open: RTH.open, close: halfDays.includes(day) ? 13 * 60 : RTH.close }
}

/** CAL-01: Sunday 18:00 to Friday 17:00 with a daily break at 17:00; stock holidays other than these three close at 13:00. */
function cmeSession(day: number): SessionDay | undefined {
  const { newYear, goodFriday, christmas, others, halfDays } = holidaysOf(day)
  if (isWeekend(day) || [newYear, goodFriday, christmas].includes(day)) return undefined
  const close = others.includes(day) ? 13 * 60 : halfDays.includes(day) ? 13 * 60 + 15 : 17 * 60
  return { open: -6 * 60, close }
}

/** CAL-06: Sunday 17:00 to Friday 17:00 without a break. */
function fxSession(day: number): SessionDay | undefined {
  return isWeekend(day) ? undefined : { open: -7 * 60, close: 17 * 60 }
}

const always: Calendar = {
  name: '24x7',
  zone: 'UTC',
  validUntil: '9999-12-31',
  at(timeMs): CalendarMoment {
    const minutesToClose = Number.POSITIVE_INFINITY
    const tradeDate = dayLabel(Math.floor(timeMs / 86_400_000))
    const training = trainingLoad(true, 'opening')
    return { open: true, rth: true, span: 'opening', minutesToClose, safe: true, training, tradeDate }
  },
  sessionClose: label => (labelDay(label) + 1) * 86_400_000,
}

const fx = sessionCalendar({
  name: 'fx',
  zone: NEW_YORK,
  validUntil: '9999-12-31',
  session: fxSession,
  rth: { open: -7 * 60, close: 17 * 60 },
})

const CALENDARS: Readonly<Record<CalendarName, Calendar>> = {
  nyse: sessionCalendar({
    name: 'nyse',
    zone: NEW_YORK,
    validUntil: HOLIDAYS_VALID_UNTIL,
    session: nyseSession,
    rth: RTH,
  }),
  'cme-index': sessionCalendar({
    name: 'cme-index',
    zone: NEW_YORK,
    validUntil: HOLIDAYS_VALID_UNTIL,
    session: cmeSession,
    rth: RTH,
  }),
  // Daily bars of currencies are UTC days in every source we know, so their label's day must be over in UTC.
  fx: { ...fx, sessionClose: label => (labelDay(label) + 1) * 86_400_000 },
  '24x7': always,
}

/** @example calendarOf('nyse').at(Date.parse('2024-07-03T17:30:00Z')).open // false: closed at 13:00 before Independence Day */
export function calendarOf(name: CalendarName): Calendar {
  return CALENDARS[name]
}
