// What is not whole about bars that a backtest would run over: missing, doubled and disordered ones, listed before anything runs (BT-01).

import { Fault } from '../base/fault.ts'
import { findGaps, missingSessions } from '../data/quality.ts'
import { isDaily } from '../market/bar.ts'
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
  const days = missingSessions(series.bars, calendar).filter(day => !held.has(day))
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
