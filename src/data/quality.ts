// The checks of DATA-06 on one row and on a whole series.

import { type Bar, DAY_MS, isDaily } from '../market/bar.ts'
import type { Calendar } from '../market/calendar.ts'
import { dayLabel } from '../market/calendars/zone.ts'
import type { Instrument } from '../market/instrument.ts'

export type QualityLimits = {
  /** Robust sigmas beyond which a bar return counts as a spike, when taken back. */
  readonly spikeSigmas: number
  readonly spikeWindow: number
  readonly spikeReversal: number
  /** Share of a day's bars missing above which the day is excluded from labels. */
  readonly maxGapShare: number
  readonly staleRun: number
  readonly futureSeconds: number
}

export const QUALITY_LIMITS: QualityLimits = {
  spikeSigmas: 12,
  spikeWindow: 500,
  spikeReversal: 0.8,
  maxGapShare: 0.15,
  staleRun: 30,
  futureSeconds: 5,
}

type Prices = Pick<Bar, 'open' | 'high' | 'low' | 'close' | 'volume'>

/** Why a row cannot be a bar of this instrument, or undefined. */
export function shapeProblem(row: Prices, instrument: Instrument): string | undefined {
  const prices = [row.open, row.high, row.low, row.close]
  if (prices.some(price => !Number.isFinite(price))) return 'a price is not a finite number'
  if (prices.some(price => price <= 0)) return 'a price is not above 0'
  if (!Number.isFinite(row.volume) || row.volume < 0) return 'volume is not a number of 0 or more'
  if (row.low > Math.min(row.open, row.close)) return 'low is above open or close'
  if (row.high < Math.max(row.open, row.close)) return 'high is below open or close'
  const { tickSize } = instrument
  if (tickSize !== undefined && instrument.kind === 'future') {
    const off = prices.find(price => Math.abs(price / tickSize - Math.round(price / tickSize)) > 1e-6)
    if (off !== undefined) return `price ${off} is not a multiple of the tick ${tickSize}`
  }
  return undefined
}

const medianOf = (sorted: Float64Array): number => {
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/** Indices of bars whose close jumps beyond the limit and is taken back by the next bar; needs a full window before them. */
export function findSpikes(bars: readonly Prices[], limits: QualityLimits = QUALITY_LIMITS): number[] {
  const returns = new Float64Array(bars.length)
  for (let i = 1; i < bars.length; i++) returns[i] = Math.log(bars[i]!.close / bars[i - 1]!.close)
  const found: number[] = []
  for (let i = limits.spikeWindow + 1; i < bars.length - 1; i++) {
    const jump = bars[i]!.close - bars[i - 1]!.close
    // Taken back by the next bar: cheap to see, and rare enough that the robust scale is seldom computed.
    if (jump === 0 || (bars[i]!.close - bars[i + 1]!.close) / jump < limits.spikeReversal) continue
    const window = returns.slice(i - limits.spikeWindow, i).sort()
    const median = medianOf(window)
    const scale = 1.4826 * medianOf(window.map(value => Math.abs(value - median)).sort())
    if (scale > 0 && Math.abs(returns[i]! - median) > limits.spikeSigmas * scale) found.push(i)
  }
  return found
}

export type GapReport = { readonly missing: number; readonly excludedDates: readonly string[] }

/** Bars by trade date, added in the order of time. For intraday bars. */
export function gapCount(barMs: number, calendar: Calendar) {
  const found = new Map<string, number>()
  let first = Number.NaN
  let last = Number.NaN
  const dates = () =>
    [...expectedBars(first, last, barMs, calendar)].map(([date, count]) => {
      return { date, count, absent: Math.max(0, count - (found.get(date) ?? 0)) }
    })
  return {
    add({ time }: Pick<Bar, 'time'>): void {
      const { tradeDate } = calendar.at(time + barMs - 1)
      found.set(tradeDate, (found.get(tradeDate) ?? 0) + 1)
      if (Number.isNaN(first)) first = time
      last = time
    },
    /** Of each trade date the bars that it should have, and how many of them are not there; a date without any is missing whole. */
    dates,
    report(limits: QualityLimits): GapReport {
      const excludedDates: string[] = []
      let missing = 0
      for (const { date, count, absent } of dates()) {
        missing += absent
        if (absent > limits.maxGapShare * count) excludedDates.push(date)
      }
      return { missing, excludedDates }
    },
  }
}

/** Bars missing inside trading hours, by trade date. For intraday bars. */
export function findGaps(
  bars: readonly Bar[],
  barMs: number,
  calendar: Calendar,
  limits: QualityLimits = QUALITY_LIMITS,
): GapReport {
  const gaps = gapCount(barMs, calendar)
  for (const bar of bars) gaps.add(bar)
  return gaps.report(limits)
}

/** Trade dates that miss bars, in their order. */
export function datesWithGaps(bars: readonly Bar[], barMs: number, calendar: Calendar): readonly string[] {
  if (barMs === DAY_MS) return missingSessions(bars, calendar)
  if (isDaily(barMs)) return []
  const gaps = gapCount(barMs, calendar)
  for (const bar of bars) gaps.add(bar)
  return gaps.dates().flatMap(({ date, absent }) => (absent > 0 ? [date] : []))
}

/** Trade dates between the first and the last daily bar that have a session and no bar, as far as the calendar knows holidays. */
export function missingSessions(bars: readonly Pick<Bar, 'time'>[], calendar: Calendar): readonly string[] {
  return sessionsWithout(new Set(bars.map(({ time }) => Math.floor(time / DAY_MS))), calendar)
}

/** @param have days of bars, counted from 1970 */
export function sessionsWithout(have: ReadonlySet<number>, calendar: Calendar): readonly string[] {
  const missing: string[] = []
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  for (const day of have) {
    first = Math.min(first, day)
    last = Math.max(last, day)
  }
  for (let day = first; day < last; day++) {
    const label = dayLabel(day)
    if (have.has(day) || label > calendar.validUntil) continue
    // At noon UTC no session of a date is over, so that the moment belongs to that date where it has one.
    if (calendar.at((day + 0.5) * DAY_MS).tradeDate === label) missing.push(label)
  }
  return missing
}

const HALF_HOUR_MS = 1_800_000

/** Bars that each whole session between two times has; sessions start and end on half hours. */
function expectedBars(first: number, last: number, barMs: number, calendar: Calendar): Map<string, number> {
  const openMs = new Map<string, number>()
  const from = Math.floor(first / DAY_MS) * DAY_MS - DAY_MS
  const edge = new Set([first, last].map(time => calendar.at(time).tradeDate))
  for (let at = from; at <= last + DAY_MS; at += HALF_HOUR_MS) {
    const { open, tradeDate } = calendar.at(at)
    if (open && (edge.has(tradeDate) || (at >= first && at <= last)))
      openMs.set(tradeDate, (openMs.get(tradeDate) ?? 0) + HALF_HOUR_MS)
  }
  return new Map([...openMs].map(([date, ms]) => [date, Math.ceil(ms / barMs)]))
}

/** Runs of equal closes without volume inside regular hours; bars are added in the order of time. */
export function staleCount(calendar: Calendar) {
  let longest = 0
  let run = 0
  let before: number | undefined
  return {
    add(bar: Bar): void {
      const stale = bar.volume === 0 && bar.close === before && calendar.at(bar.time).rth
      run = stale ? run + 1 : 0
      longest = Math.max(longest, run)
      before = bar.close
    },
    longest: () => longest,
  }
}

/** The longest of them, of a series that has volume at all. */
export function longestStaleRun(bars: readonly Bar[], calendar: Calendar): number {
  const stale = staleCount(calendar)
  for (const bar of bars) stale.add(bar)
  return stale.longest()
}
