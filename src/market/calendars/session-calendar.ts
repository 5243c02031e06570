// One calendar from a table of days: which minutes of a trade date are open, and what any moment belongs to.

import type { Calendar, CalendarMoment, Span } from '../calendar.ts'
import type { CalendarName } from '../instrument.ts'
import { trainingLoad } from './training-load.ts'
import { dayLabel, labelDay, weekday, type Zone } from './zone.ts'

export type SessionDay = {
  /** Minutes relative to 00:00 of the trade date; a start before 0 is the evening before. End exclusive. */
  readonly open: number
  readonly close: number
}

export type SessionRules = {
  readonly name: CalendarName
  readonly zone: Zone
  readonly validUntil: string
  /** Undefined where no session carries this date. */
  readonly session: (day: number) => SessionDay | undefined
  /** Regular trading hours inside a session, minutes of the trade date. */
  readonly rth: { readonly open: number; readonly close: number }
}

/** CAL-03, start inclusive, minutes of the wall day. */
const SPANS: readonly (readonly [number, Span])[] = [
  [18 * 60, 'overnight'],
  [17 * 60, 'maintenance'],
  [16 * 60, 'close'],
  [13 * 60, 'afternoon'],
  [11 * 60, 'lunch'],
  [9 * 60 + 30, 'opening'],
  [5 * 60, 'preMarket'],
  [2 * 60, 'europe'],
  [0, 'overnight'],
]

const isBetween = (minute: number, from: number, to: number): boolean => minute >= from && minute < to

function spanOf(day: number, minute: number, open: boolean, hasSession: boolean): Span {
  if (!open) {
    const today = weekday(day)
    if (today === 6 || (today === 0 && minute < 18 * 60) || (today === 5 && minute >= 17 * 60)) return 'weekend'
    if (!hasSession) return 'holiday'
  }
  return SPANS.find(([from]) => minute >= from)![1]
}

export function sessionCalendar({ name, zone, validUntil, session, rth }: SessionRules): Calendar {
  const lastDay = labelDay(validUntil)
  const known = new Map<number, SessionDay | undefined>()
  const sessionOf = (day: number): SessionDay | undefined => {
    if (day > lastDay) return undefined
    if (!known.has(day)) known.set(day, session(day))
    return known.get(day)
  }
  /** The first session that is not over at this wall time; the table's end counts as closed for ever. */
  const current = (day: number, minute: number): { date: number; at: number; hours: SessionDay } | undefined => {
    for (let date = day; date <= day + 14; date++) {
      const hours = sessionOf(date)
      const at = minute - (date - day) * 1440
      if (hours !== undefined && at < hours.close) return { date, at, hours }
    }
    return undefined
  }
  return {
    name,
    zone: zone.name,
    validUntil,
    at(timeMs): CalendarMoment {
      const { day, minute } = zone.wall(timeMs)
      const now = current(day, minute)
      const open = now !== undefined && now.at >= now.hours.open
      const span = spanOf(day, minute, open, sessionOf(day) !== undefined)
      return {
        open,
        rth: open && isBetween(now.at, rth.open, Math.min(rth.close, now.hours.close)),
        span,
        minutesToClose: open ? now.hours.close - now.at : 0,
        // CAL-04: quiet hours of the day, and whenever nothing trades.
        safe: !open || isBetween(minute, 180, 240) || isBetween(minute, 660, 780) || isBetween(minute, 1020, 1080),
        training: trainingLoad(open, span),
        tradeDate: dayLabel(now?.date ?? day),
      }
    },
    sessionClose(label) {
      const day = labelDay(label)
      return zone.utc(day, sessionOf(day)?.close ?? rth.close)
    },
  }
}
