// A calendar for tests in which the market never closes and a trade date is a UTC date.

import { DAY_MS } from '../src/market/bar.ts'
import type { Calendar } from '../src/market/calendar.ts'

export const openCalendar: Calendar = {
  name: '24x7',
  zone: 'UTC',
  validUntil: '9999-12-31',
  at: timeMs => ({
    open: true,
    rth: true,
    span: 'afternoon',
    minutesToClose: Number.POSITIVE_INFINITY,
    safe: false,
    training: { level: 'light', everyMinutes: 60 },
    tradeDate: new Date(timeMs).toISOString().slice(0, 10),
  }),
  sessionClose: label => Date.parse(`${label}T00:00:00Z`) + DAY_MS,
}
