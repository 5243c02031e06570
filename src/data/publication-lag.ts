// How long after the end of its period a value is published, where the archive does not say (DATA-03).

import { dayLabel, labelDay } from '../market/calendars/zone.ts'
import type { Frequency, MacroFacts, Revision } from './macro.ts'
import { publishedAfter } from './macro.ts'

/**
 * Days from the end of the period to the first publication, not less than the agencies' release calendars of ordinary years need:
 * BEA advance estimate at the end of the next month, BLS and Census within three weeks, H.15 the next business day over a long weekend,
 * H.10 the next week, Michigan a month late on FRED.
 */
const BY_SERIES: Readonly<Record<string, number>> = {
  GDP: 31,
  UNRATE: 14,
  PAYEMS: 14,
  CPIAUCSL: 21,
  INDPRO: 21,
  HOUST: 24,
  UMCSENT: 31,
  DFF: 5,
  DGS10: 5,
  DEXUSEU: 10,
}

const BY_FREQUENCY: Readonly<Record<Frequency, number>> = { D: 10, W: 14, BW: 21, M: 62, Q: 123, SA: 184, A: 366 }

const MONTHS: Readonly<Partial<Record<Frequency, number>>> = { M: 1, Q: 3, SA: 6, A: 12 }

/** Day number of the last day of the period that a date names. */
export function periodEnd(date: string, frequency: Frequency): number {
  const months = MONTHS[frequency]
  if (months === undefined) return labelDay(date)
  const [year, month] = date.split('-').map(Number)
  return labelDay(dayLabel(Date.UTC(year!, month! - 1 + months, 1) / 86_400_000)) - 1
}

/** Days. @example publicationLag({ id: 'GDP', frequency: 'Q' }) // 31 */
export const publicationLag = ({ id, frequency }: Pick<MacroFacts, 'id' | 'frequency'>): number =>
  BY_SERIES[id] ?? BY_FREQUENCY[frequency]

/** Values without vintages, each visible only behind its lag. They are the newest ones: what was first published may have differed. */
export function laggedRevisions(
  facts: Pick<MacroFacts, 'id' | 'frequency'>,
  values: readonly { readonly date: string; readonly value: number | null }[],
): readonly Revision[] {
  const lag = publicationLag(facts)
  return values.map(({ date, value }) => ({
    date,
    value,
    publishedAt: publishedAfter(periodEnd(date, facts.frequency) + lag),
  }))
}
