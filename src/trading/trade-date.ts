// Which trade date and which trading week a bar belongs to: the grid on which daily and weekly figures reset (CAL-02).

import type { Bar } from '../market/bar.ts'
import { DAY_MS, isDaily } from '../market/bar.ts'
import type { Calendar } from '../market/calendar.ts'

/**
 * The label of a daily bar is its trade date; an intraday bar belongs to the trade date of the moment it opened.
 *
 * @example tradeDateOf({ ...bar, time: Date.UTC(2020, 0, 2) }, 86_400_000, calendar) // '2020-01-02'
 */
export function tradeDateOf(bar: Bar, barMs: number, calendar: Calendar): string {
  return isDaily(barMs) ? new Date(bar.time).toISOString().slice(0, 10) : calendar.at(bar.time).tradeDate
}

/** Number of the Monday-to-Friday week of a trade date: Sunday 18:00 already trades as Monday. */
export function tradeWeekOf(tradeDate: string): number {
  return Math.floor((Date.parse(`${tradeDate}T00:00:00Z`) / DAY_MS + 3) / 7)
}
