// Which trade date a bar belongs to: the label of a daily bar, the session in which an intraday bar ends.

import { type Bar, isDaily } from '../market/bar.ts'
import type { Calendar } from '../market/calendar.ts'
import { dayLabel } from '../market/calendars/zone.ts'

/** `YYYY-MM-DD`. */
export const tradeDateOf = ({ time }: Pick<Bar, 'time'>, barMs: number, calendar: Calendar): string =>
  isDaily(barMs) ? dayLabel(Math.floor(time / barMs)) : calendar.at(time + barMs - 1).tradeDate
