// Splits and dividends: prices without their jumps, from factors that nobody knew before their day (TBL-01, DATA-10).

import { Fault } from '../base/fault.ts'
import type { Bar } from '../market/bar.ts'
import type { Calendar } from '../market/calendar.ts'
import type { ContinuousBar } from './continuous.ts'
import { tradeDateOf } from './trade-date.ts'

export type CorporateAction =
  /** Shares after it for each share before it; below 1 for a reverse split. */
  | { readonly exDate: string; readonly kind: 'split'; readonly ratio: number }
  /** Cash for one share, in the currency of the prices on the day before. */
  | { readonly exDate: string; readonly kind: 'dividend'; readonly amount: number }

/** What a price before the ex-date is worth in prices after it. Fault: `DATA_ACTION_INVALID`. */
export function factorOf(action: CorporateAction, closeBefore: number): number {
  const factor = action.kind === 'split' ? 1 / action.ratio : 1 - action.amount / closeBefore
  if (Number.isFinite(factor) && factor > 0) return factor
  throw new Fault('DATA_ACTION_INVALID', `a ${action.kind} of ${action.exDate} would make prices worthless`, {
    place: action.exDate,
    fix: 'check its amount or ratio',
  })
}

/** Prices are on the scale of the first bar, so that no later action changes an earlier one; `asSeenAt` draws them on today's. */
export type AdjustedBar = ContinuousBar & {
  /** Shares of the first bar's day are those of this day times this. */
  readonly shares: number
}

/**
 * Each action counts from the first bar of its ex-date on, with the last close before it. A split changes what a share is, so that it
 * ends labels as a change of contract does; a dividend does not.
 *
 * @param actions in any order; those before the first bar say nothing about these prices
 */
export function adjusted(
  symbol: string,
  bars: readonly Bar[],
  actions: readonly CorporateAction[],
  { barMs, calendar }: { readonly barMs: number; readonly calendar: Calendar },
): readonly AdjustedBar[] {
  const due = actions.toSorted((a, b) => (a.exDate < b.exDate ? -1 : a.exDate > b.exDate ? 1 : 0))
  const first = bars[0] === undefined ? '' : tradeDateOf(bars[0], barMs, calendar)
  let next = due.findIndex(({ exDate }) => exDate > first)
  if (next < 0) next = due.length
  let factor = 1
  let shares = 1
  let contract = symbol
  return bars.map((real, index) => {
    const date = tradeDateOf(real, barMs, calendar)
    for (; next < due.length && due[next]!.exDate <= date; next++) {
      const action = due[next]!
      factor *= factorOf(action, bars[index - 1]!.close)
      if (action.kind === 'dividend') continue
      shares *= 1 / action.ratio
      contract = `${symbol} after ${action.exDate}`
    }
    const by = 1 / factor
    const { open, high, low, close, volume } = real
    const prices = { open: open * by, high: high * by, low: low * by, close: close * by }
    return { real, contract, factor, shares, adjusted: { ...real, ...prices, volume: volume * shares } }
  })
}
