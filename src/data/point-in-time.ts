// What was known of an economic series at a moment: never a value, nor a revision of one, that was published later (DATA-03).

import type { MacroSeries, Revision } from './macro.ts'

export type Observation = { readonly date: string; readonly value: number; readonly publishedAt: number }

export interface PointInTime {
  /** Every period with a value at that moment, in order, as it stood then. */
  asOf(timeMs: number): readonly Observation[]
  /** The newest of them; undefined before the first publication. */
  latest(timeMs: number): Observation | undefined
}

/**
 * @example pointInTime(gdp).latest(Date.parse('2024-02-01T00:00:00Z'))?.date // '2023-10-01'
 */
export function pointInTime({ revisions }: Pick<MacroSeries, 'revisions'>): PointInTime {
  const byDate = new Map<string, Revision[]>()
  for (const revision of revisions) {
    const known = byDate.get(revision.date)
    if (known === undefined) byDate.set(revision.date, [revision])
    else known.push(revision)
  }
  const dates = [...byDate.keys()].sort()
  for (const list of byDate.values()) list.sort((a, b) => a.publishedAt - b.publishedAt)

  const standing = (date: string, timeMs: number): Observation | undefined => {
    const found = byDate.get(date)!.findLast(({ publishedAt }) => publishedAt <= timeMs)
    return found === undefined || found.value === null ? undefined : { ...found, value: found.value }
  }
  return {
    asOf: timeMs => dates.map(date => standing(date, timeMs)).filter(found => found !== undefined),
    latest(timeMs) {
      for (let i = dates.length - 1; i >= 0; i--) {
        const found = standing(dates[i]!, timeMs)
        if (found !== undefined) return found
      }
      return undefined
    },
  }
}
