// New bars of a series that is stored already: at equal times the later received stand, everything else stays (DATA-05, DATA-06).

import { type Bar, type BarSeries, DAY_MS, isDaily } from '../market/bar.ts'
import { calendarOf } from '../market/calendars/index.ts'
import type { Imported } from './import.ts'
import { findGaps, missingSessions, QUALITY_LIMITS } from './quality.ts'

const VALUES = ['open', 'high', 'low', 'close', 'volume'] as const

type Merged = { readonly bars: readonly Bar[]; readonly added: number; readonly corrected: number }

/** Both rise in time. */
function merged(before: readonly Bar[], received: readonly Bar[]): Merged {
  const bars: Bar[] = []
  let added = 0
  let corrected = 0
  let next = 0
  for (const bar of received) {
    while (next < before.length && before[next]!.time < bar.time) bars.push(before[next++]!)
    const earlier = before[next]
    if (earlier?.time === bar.time) {
      if (VALUES.some(name => bar[name] !== earlier[name])) corrected++
      next++
    } else added++
    bars.push(bar)
  }
  while (next < before.length) bars.push(before[next++]!)
  return { bars, added, corrected }
}

/**
 * Facts of the whole series; counts of rows stay those of what came.
 *
 * @example mergeBars(stored, imported).report.merged // { into: '3f…', had: 9000, added: 8000, corrected: 1 }
 */
export function mergeBars(
  { bars: before, snapshotId }: Pick<BarSeries, 'bars' | 'snapshotId'>,
  imported: Imported,
  maxGapShare: number = QUALITY_LIMITS.maxGapShare,
): Imported {
  const { report, barMs, instrument } = imported
  const { bars, added, corrected } = merged(before, imported.bars)
  const calendar = calendarOf(instrument.calendar)
  const { missing, excludedDates } = isDaily(barMs)
    ? { missing: barMs === DAY_MS ? missingSessions(bars, calendar).length : 0, excludedDates: [] }
    : findGaps(bars, barMs, calendar, { ...QUALITY_LIMITS, maxGapShare })
  const hasVolume = bars.some(bar => bar.volume > 0)
  return {
    ...imported,
    bars,
    hasVolume,
    report: {
      ...report,
      stored: bars.length,
      firstTime: new Date(bars[0]!.time).toISOString(),
      lastTime: new Date(bars.at(-1)!.time).toISOString(),
      hasVolume,
      missingBars: missing,
      excludedDates,
      merged: { into: snapshotId, had: before.length, added, corrected },
    },
  }
}
