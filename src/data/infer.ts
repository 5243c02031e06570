// What a file does not say: how long its bars are and which exchange's hours they keep.

import { DAY_MS, isDaily } from '../market/bar.ts'
import { calendarOf } from '../market/calendars/index.ts'
import { zone } from '../market/calendars/zone.ts'
import type { CalendarName } from '../market/instrument.ts'

/** The most frequent distance between neighbours; labels, and times that are all midnights UTC, are daily. */
export function inferBarMs(times: readonly number[], labels: boolean): number {
  if (labels || times.every(time => time % DAY_MS === 0)) return DAY_MS
  const counts = new Map<number, number>()
  for (let i = 1; i < times.length; i++) {
    const distance = times[i]! - times[i - 1]!
    counts.set(distance, (counts.get(distance) ?? 0) + 1)
  }
  let best = times[1]! - times[0]!
  for (const [distance, count] of counts) if (count > counts.get(best)!) best = distance
  return best
}

/** Share of bars that must lie inside a calendar's sessions for it to be theirs. */
const FIT = 0.99

/**
 * The narrowest calendar that nearly all bars fit into: stocks, then index futures, then currencies, else a market that never closes.
 *
 * @param times starts of bars, ms UTC, or labels of daily bars
 */
export function inferCalendar(times: readonly number[], barMs: number): CalendarName {
  const newYork = zone('America/New_York')
  const candidates: readonly CalendarName[] = isDaily(barMs) ? ['nyse', 'fx'] : ['nyse', 'cme-index', 'fx']
  for (const name of candidates) {
    const calendar = calendarOf(name)
    const inside = (time: number) =>
      calendar.at(isDaily(barMs) ? newYork.utc(time / DAY_MS, 12 * 60) : time + barMs - 1).open
    if (times.filter(inside).length >= FIT * times.length) return name
  }
  return '24x7'
}
