// What a file does not say: how long its bars are and which exchange's hours they keep.

import { DAY_MS, isDaily } from '../market/bar.ts'
import { calendarOf } from '../market/calendars/index.ts'
import { zone } from '../market/calendars/zone.ts'
import type { CalendarName } from '../market/instrument.ts'

/** Distances between neighbours; times are added in their order. */
export function lengthCount() {
  const counts = new Map<number, number>()
  let midnights = true
  let labels = true
  let first: number | undefined
  let before: number | undefined
  return {
    add(time: number, label: boolean): void {
      labels &&= label
      midnights &&= time % DAY_MS === 0
      if (before !== undefined) {
        const distance = time - before
        first ??= distance
        counts.set(distance, (counts.get(distance) ?? 0) + 1)
      }
      before = time
    },
    /** The most frequent one; labels, and times that are all midnights UTC, are daily. */
    barMs(): number {
      if (labels || midnights) return DAY_MS
      let best = first!
      for (const [distance, count] of counts) if (count > counts.get(best)!) best = distance
      return best
    },
  }
}

/** Share of bars that must lie inside a calendar's sessions for it to be theirs. */
const FIT = 0.99

/** Which sessions bars lie in. */
export function calendarCount(barMs: number) {
  const newYork = zone('America/New_York')
  const names: readonly CalendarName[] = isDaily(barMs) ? ['nyse', 'fx'] : ['nyse', 'cme-index', 'fx']
  const inside = names.map(() => 0)
  let count = 0
  return {
    /** @param time start of a bar, ms UTC, or label of a daily one */
    add(time: number): void {
      count++
      const moment = isDaily(barMs) ? newYork.utc(time / DAY_MS, 12 * 60) : time + barMs - 1
      // Each has the hours of the one before it and more.
      const narrowest = names.findIndex(name => calendarOf(name).at(moment).open)
      if (narrowest >= 0) for (let i = narrowest; i < names.length; i++) inside[i]!++
    },
    /** The narrowest calendar that nearly all fit into: stocks, then index futures, then currencies, else a market that never closes. */
    name: (): CalendarName => names.find((_, i) => inside[i]! >= FIT * count) ?? '24x7',
  }
}

/** @param times starts of bars, ms UTC, or labels of daily bars */
export function inferCalendar(times: readonly number[], barMs: number): CalendarName {
  const fits = calendarCount(barMs)
  for (const time of times) fits.add(time)
  return fits.name()
}
