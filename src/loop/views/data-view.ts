// How old the bars are that a loop by the clock works on. A replay is at the time of its bars.

import { statusOf } from '../../data/status.ts'
import { isDaily } from '../../market/bar.ts'
import { calendarOf } from '../../market/calendars/index.ts'
import { dayLabel } from '../../market/calendars/zone.ts'
import type { StoredRun } from '../../trading/read-model.ts'
import { clockRunId } from '../clock-run.ts'
import type { Settings } from '../settings.ts'
import { importFacts } from '../stored-series.ts'
import type { ViewPorts } from './view-ports.ts'

export type DataView = {
  /** When the newest bar was known, ms UTC. */
  knownAt: number
  ageMs: number
  /** `expired`: older than `data.maxAgeSeconds` of its source. */
  state: 'current' | 'expired'
  /** Whether its market trades now; null where its hours are unknown. */
  open: boolean | null
}

/** Of the newest series of the run's symbol; null for replays and where none is known. */
export async function dataView(
  run: StoredRun,
  { data }: Partial<Settings>,
  { dataSets, clock }: Pick<ViewPorts, 'dataSets' | 'clock'>,
): Promise<DataView | null> {
  if (run.runId !== clockRunId(run.channel, run.symbol) || data === undefined) return null
  const set = (await dataSets.list())
    .filter(({ symbol }) => symbol === run.symbol)
    .reduce<Awaited<ReturnType<typeof dataSets.list>>[number] | undefined>(
      (newest, one) => (newest === undefined || one.lastTime >= newest.lastTime ? one : newest),
      undefined,
    )
  if (set === undefined) return null
  const name = importFacts(set)?.calendar
  const calendar = name === undefined ? undefined : calendarOf(name)
  const daily = isDaily(set.barMs) && calendar !== undefined
  const knownAt = daily
    ? calendar.sessionClose(dayLabel(Math.floor(set.lastTime / set.barMs)))
    : set.lastTime + set.barMs
  const now = clock.now()
  const facts = { source: set.source, asOf: knownAt, calendar, blocked: false, checked: true }
  return {
    knownAt,
    ageMs: Math.max(0, now - knownAt),
    state: statusOf(facts, now, data.maxAgeSeconds) === 'expired' ? 'expired' : 'current',
    open: calendar === undefined ? null : calendar.at(now).open,
  }
}
