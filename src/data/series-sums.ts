// What is said of a whole series, gathered month by month: span, volume, gaps and stale runs (DATA-06).

import { type Bar, DAY_MS, isDaily } from '../market/bar.ts'
import type { Calendar } from '../market/calendar.ts'
import { gapCount, QUALITY_LIMITS, sessionsWithout, staleCount } from './quality.ts'

export type SeriesSums = {
  readonly rows: number
  readonly firstTime: number
  readonly lastTime: number
  readonly hasVolume: boolean
  /** Bars; of daily bars sessions. */
  readonly missing: number
  /** Trade dates of which too many are missing. */
  readonly excludedDates: readonly string[]
  /** Daily bars: trade dates without one. */
  readonly sessions: readonly string[]
  /** Longest run of equal closes without volume; 0 where the series has none. */
  readonly stale: number
}

export type SumOptions = { readonly barMs: number; readonly calendar: Calendar; readonly maxGapShare: number }

export function seriesSums({ barMs, calendar, maxGapShare }: SumOptions) {
  const gaps = gapCount(barMs, calendar)
  const stale = staleCount(calendar)
  const days = new Set<number>()
  let rows = 0
  let firstTime = Number.POSITIVE_INFINITY
  let lastTime = Number.NEGATIVE_INFINITY
  let hasVolume = false
  return {
    /** In the order of time. */
    add(bars: readonly Bar[]): void {
      for (const bar of bars) {
        rows++
        firstTime = Math.min(firstTime, bar.time)
        lastTime = bar.time
        hasVolume ||= bar.volume > 0
        if (!isDaily(barMs)) gaps.add(bar)
        else if (barMs === DAY_MS) days.add(Math.floor(bar.time / DAY_MS))
        stale.add(bar)
      }
    },
    /** A row that was held back is no missing session. */
    hold(time: number): void {
      days.add(Math.floor(time / DAY_MS))
    },
    sums(): SeriesSums {
      const facts = { rows, firstTime, lastTime, hasVolume, stale: hasVolume ? stale.longest() : 0 }
      if (isDaily(barMs)) {
        const sessions = barMs === DAY_MS ? sessionsWithout(days, calendar) : []
        return { ...facts, missing: sessions.length, excludedDates: [], sessions }
      }
      const { missing, excludedDates } = gaps.report({ ...QUALITY_LIMITS, maxGapShare })
      return { ...facts, missing, excludedDates, sessions: [] }
    },
  }
}
