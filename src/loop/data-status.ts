// Which data may be relied on: blocks by source, results of checks, and age (DATA-07, DATA-08).

import { Fault } from '../base/fault.ts'
import { type DataMark, standing } from '../data/data-marks.ts'
import type { MacroVersion } from '../data/macro-store.ts'
import { type DataFacts, type DataStatus, statusOf } from '../data/status.ts'
import type { Snapshot } from '../data/store.ts'
import { type BarSeries, type DataSource, isDaily } from '../market/bar.ts'
import type { Calendar } from '../market/calendar.ts'
import { calendarOf } from '../market/calendars/index.ts'
import { dayLabel } from '../market/calendars/zone.ts'
import type { CalendarName } from '../market/instrument.ts'
import type { Ports, State } from './ports.ts'
import { importFacts, type StoredSeries } from './stored-series.ts'

/** What can be blocked: where data comes from. */
export const SOURCES: readonly DataSource[] = [
  'polygon',
  'fred',
  'topstepx',
  'file',
  'internal_calculation',
  'model_output',
  'simulated',
]

type Marks = Pick<State, 'dataMarks'>

export const ofSource = (source: DataSource): string => `source:${source}`
export const ofSnapshot = (snapshotId: string): string => `snapshot:${snapshotId}`

/** Fault: `DATA_BLOCKED` with the reason that was given. What is trained on blocked data would carry its error for ever. */
export async function refuseBlocked(source: DataSource, { dataMarks }: Marks): Promise<void> {
  const mark = standing(await dataMarks.list()).get(ofSource(source))
  if (mark?.mark !== 'blocked') return
  throw new Fault(
    'DATA_BLOCKED',
    `data of source ${source} is blocked since ${new Date(mark.at).toISOString()}: ${mark.reason}`,
    {
      fix: `use other data, or lift the block: ratchet data unblock ${source} --reason TEXT`,
    },
  )
}

/** Faults: `DATA_REASON`, `DATA_ALREADY` where nothing would change. */
export async function setBlock(
  source: DataSource,
  mark: 'blocked' | 'unblocked',
  reason: string,
  { dataMarks }: Marks,
  { clock }: Pick<Ports, 'clock'>,
): Promise<DataMark> {
  const subject = ofSource(source)
  const before = standing(await dataMarks.list()).get(subject)?.mark ?? 'unblocked'
  if (reason.trim() === '') {
    throw new Fault('DATA_REASON', 'a reason is needed', { place: '--reason', fix: 'say why in a few words' })
  }
  if (before === mark) throw new Fault('DATA_ALREADY', `${source} is ${mark} already`, { fix: 'see ratchet data list' })
  const made: DataMark = { subject, mark, reason: reason.trim(), at: clock.now() }
  await dataMarks.add(made)
  return made
}

/** Writes down what a check said, when it is news. */
export async function markChecked(
  snapshotId: string,
  passed: boolean,
  { dataMarks }: Marks,
  { clock }: Pick<Ports, 'clock'>,
): Promise<void> {
  const subject = ofSnapshot(snapshotId)
  const mark = passed ? 'verified' : 'unverified'
  if (standing(await dataMarks.list()).get(subject)?.mark === mark) return
  await dataMarks.add({ subject, mark, reason: 'data check', at: clock.now() })
}

/** When the newest bar of a series was known, and whose hours its age counts. */
function freshness(
  { source, barMs }: Pick<Snapshot, 'source' | 'barMs'>,
  lastTime: number | undefined,
  name: CalendarName | undefined,
): Pick<DataFacts, 'source' | 'asOf' | 'calendar'> {
  const calendar = name === undefined ? undefined : calendarOf(name)
  const last = lastTime ?? Number.NEGATIVE_INFINITY
  const daily = isDaily(barMs) && calendar !== undefined && Number.isFinite(last)
  return { source, calendar, asOf: daily ? calendar.sessionClose(dayLabel(Math.floor(last / barMs))) : last + barMs }
}

/**
 * Why bars are too old to be the newest day of a training by the clock; undefined where they are not (DATA-08). Replays and backtests do
 * not ask.
 */
export function expiredReason(
  { series, calendar }: { readonly series: BarSeries; readonly calendar: Calendar },
  { clock, settings }: Pick<Ports, 'clock' | 'settings'>,
): string | undefined {
  const facts = { ...freshness(series, series.bars.at(-1)?.time, calendar.name), blocked: false, checked: true }
  if (statusOf(facts, clock.now(), settings.data.maxAgeSeconds) !== 'expired') return undefined
  const newest = Number.isFinite(facts.asOf) ? new Date(facts.asOf).toISOString() : 'no known time'
  return `skipped: DATA_EXPIRED: the newest bar of ${series.symbol} is of ${newest}, older than data.maxAgeSeconds of its source (${facts.source}) allows`
}

export type StatusReader = {
  bars(stored: StoredSeries): DataStatus
  macro(version: MacroVersion): DataStatus
}

/** Statuses at this moment. */
export async function statusReader(
  { dataMarks }: Marks,
  { clock, settings }: Pick<Ports, 'clock' | 'settings'>,
): Promise<StatusReader> {
  const marks = standing(await dataMarks.list())
  const now = clock.now()
  const { maxAgeSeconds } = settings.data
  const blocked = (source: DataSource) => marks.get(ofSource(source))?.mark === 'blocked'
  return {
    bars({ snapshot, dataSet }) {
      const { source, snapshotId } = snapshot
      const name = dataSet === undefined ? undefined : importFacts(dataSet)?.calendar
      const facts = freshness(snapshot, dataSet?.lastTime, name)
      const check = marks.get(ofSnapshot(snapshotId))?.mark
      const checked = check === undefined ? undefined : check === 'verified'
      return statusOf({ ...facts, blocked: blocked(source), checked }, now, maxAgeSeconds)
    },
    macro: ({ polledAt }) =>
      statusOf(
        { source: 'fred', asOf: polledAt, calendar: undefined, blocked: blocked('fred'), checked: undefined },
        now,
        maxAgeSeconds,
      ),
  }
}
