// What is not whole about bars that a backtest would run over: missing, doubled and disordered ones, listed before anything runs (BT-01).

import { Fault } from '../base/fault.ts'
import { findGaps } from '../data/quality.ts'
import { type BarSeries, DAY_MS, isDaily } from '../market/bar.ts'
import type { Calendar } from '../market/calendar.ts'
import { dayLabel } from '../market/calendars/zone.ts'
import type { Market } from './import-series.ts'

/** Counts of bars or rows; all 0: nothing is wrong. */
export type BarGaps = {
  /** Sessions without a bar, of intraday bars those missing inside sessions. */
  readonly missing: number
  /** The first 20 days of which bars are missing; of intraday bars those that miss most of theirs. */
  readonly days: readonly string[]
  /** Rows of a time that was there already, equal or not. */
  readonly duplicates: number
  readonly disorder: number
  /** Rows that were no bar. */
  readonly unreadable: number
  /** Bars that the import held back because the next one takes them back: a check of ours, and no fault of the file. */
  readonly heldBack: number
}

const LISTED = 20

/** Sessions between two days that have no daily bar, as far as the calendar knows holidays. */
function missingSessions({ bars }: Pick<BarSeries, 'bars'>, calendar: Calendar): string[] {
  const have = new Set(bars.map(({ time }) => Math.floor(time / DAY_MS)))
  const missing: string[] = []
  for (let day = Math.floor(bars[0]!.time / DAY_MS); day < Math.floor(bars.at(-1)!.time / DAY_MS); day++) {
    const label = dayLabel(day)
    if (have.has(day) || label > calendar.validUntil) continue
    const { open, tradeDate } = calendar.at(calendar.sessionClose(label) - 1)
    if (open && tradeDate === label) missing.push(label)
  }
  return missing
}

/** @example barGaps(market).missing // 3 */
export function barGaps({ series, calendar, report }: Pick<Market, 'series' | 'calendar' | 'report'>): BarGaps {
  const { duplicates, conflicts, outOfOrder, rejected, quarantined } = report
  const rest = {
    duplicates: duplicates + conflicts,
    disorder: outOfOrder,
    unreadable: rejected,
    heldBack: quarantined,
  }
  if (!isDaily(series.barMs)) {
    const { missing, excludedDates } = findGaps(series.bars, series.barMs, calendar)
    return { missing, days: excludedDates.slice(0, LISTED), ...rest }
  }
  const held = new Set(report.firstRejects.filter(({ reason }) => reason.startsWith('quarantined')).map(dayOf))
  const days = missingSessions(series, calendar).filter(day => !held.has(day))
  return { missing: days.length, days: days.slice(0, LISTED), ...rest }
}

/** Held-back rows are written as they would have been stored, their time first. */
const dayOf = ({ text }: { readonly text: string }): string => text.slice(0, 'YYYY-MM-DD'.length)

/** In words, one a kind; empty where nothing is wrong. */
export function gapWords({ missing, days, duplicates, disorder, unreadable }: BarGaps): readonly string[] {
  const more = missing > days.length && days.length > 0 ? ', ...' : ''
  const where = days.length === 0 ? '' : ` (${days.join(', ')}${more})`
  return [
    ...(missing > 0 ? [`${missing} missing${where}`] : []),
    ...(duplicates > 0 ? [`${duplicates} twice`] : []),
    ...(disorder > 0 ? [`${disorder} out of order`] : []),
    ...(unreadable > 0 ? [`${unreadable} unreadable`] : []),
  ]
}

/** @throws Fault `BARS_GAPS` that lists what is not whole */
export function refuseGaps(symbol: string, gaps: BarGaps): void {
  const words = gapWords(gaps)
  if (words.length === 0) return
  throw new Fault('BARS_GAPS', `bars of ${symbol} are not whole: ${words.join('; ')}`, {
    place: '--bars',
    fix: 'mend the file, or run over what there is with --allow-gaps',
  })
}
