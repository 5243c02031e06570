// Economic series as they were published: every value with the moment from which the public had it (DATA-03).

import type { DataSource, Provenance } from '../market/bar.ts'
import { labelDay, zone } from '../market/calendars/zone.ts'

/** Daily, weekly, biweekly, monthly, quarterly, semi-annual, annual. */
export const FREQUENCIES = ['D', 'W', 'BW', 'M', 'Q', 'SA', 'A'] as const
export type Frequency = (typeof FREQUENCIES)[number]

export type MacroFacts = {
  readonly id: string
  readonly title: string
  readonly units: string
  readonly frequency: Frequency
}

/** A value of a period, and from when it stood. */
export type Revision = {
  /** `YYYY-MM-DD` on which the period begins (weeks: ends). */
  readonly date: string
  /** Null: not available, or taken back. */
  readonly value: number | null
  /** ms UTC; before this nobody may know of it. */
  readonly publishedAt: number
}

export type MacroSeries = MacroFacts & {
  readonly source: DataSource
  readonly provenance: Provenance
  /** False: the archive has no vintages, so values are the newest ones, each moved behind its usual delay. */
  readonly vintages: boolean
  /** By date, then by time of publication. */
  readonly revisions: readonly Revision[]
}

/** FRED dates its vintages by days of St. Louis and tells no hour, so a value counts from the end of that day. */
const ST_LOUIS = zone('America/Chicago')

/** @example new Date(publishedAfter(labelDay('2024-01-25'))).toISOString() // '2024-01-26T06:00:00.000Z' */
export const publishedAfter = (day: number): number => ST_LOUIS.utc(day + 1, 0)

/** A value that stood from a day on. */
export type VintageRow = { readonly date: string; readonly value: number | null; readonly since: string }

/** Rows of overlapping windows as revisions: what goes on unchanged is no news. */
export function revisionsOf(rows: readonly VintageRow[]): readonly Revision[] {
  const sorted = rows.toSorted((a, b) => compare(a.date, b.date) || compare(a.since, b.since))
  return sorted
    .filter((row, index) => {
      const before = sorted[index - 1]
      return before?.date !== row.date || before.value !== row.value
    })
    .map(({ date, value, since }) => ({ date, value, publishedAt: publishedAfter(labelDay(since)) }))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
