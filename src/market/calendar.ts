// Exchange calendars as a port: the only source of time-of-day logic.

import type { CalendarName } from './instrument.ts'

export type Span =
  | 'overnight'
  | 'europe'
  | 'preMarket'
  | 'opening'
  | 'lunch'
  | 'afternoon'
  | 'close'
  | 'maintenance'
  | 'weekend'
  | 'holiday'

/** What training may cost at an hour, and how often one may begin. */
export type TrainingLoad = { readonly level: 'intensive' | 'light'; readonly everyMinutes: number }

export type CalendarMoment = {
  readonly open: boolean
  readonly rth: boolean
  readonly span: Span
  /** Minutes of trading left before the next close; 0 when closed, Infinity for markets that never close. */
  readonly minutesToClose: number
  /** Inside a safe window for promotion (CAL-04). */
  readonly safe: boolean
  readonly training: TrainingLoad
  /** Trade date `YYYY-MM-DD` that this moment belongs to; of a closed market the next one. */
  readonly tradeDate: string
}

export interface Calendar {
  readonly name: CalendarName
  /** IANA zone of the exchange. */
  readonly zone: string
  /** Last date `YYYY-MM-DD` that the holiday table covers. */
  readonly validUntil: string
  at(timeMs: number): CalendarMoment
  /** When the session labelled `YYYY-MM-DD` closes, ms UTC. */
  sessionClose(label: string): number
}
