// Whether data may be relied on, by its source, its age and what was said about it (DATA-07, DATA-08).

import type { DataSource } from '../market/bar.ts'
import type { Calendar } from '../market/calendar.ts'

export type DataStatus = 'verified' | 'unverified' | 'blocked' | 'expired'

/** Keys `data.maxAgeSeconds.*`. */
export type MaxAges = {
  readonly polygon: number
  readonly topstepx: number
  readonly fred: number
  readonly file: number
  readonly internal: number
  readonly model: number
}

const KEY_OF: Readonly<Record<DataSource, keyof MaxAges>> = {
  polygon: 'polygon',
  topstepx: 'topstepx',
  fred: 'fred',
  file: 'file',
  internal_calculation: 'internal',
  model_output: 'model',
  // A simulated feed is as old as its file.
  simulated: 'file',
}

const LIVE: ReadonlySet<DataSource> = new Set(['polygon', 'topstepx'])
/** Vendors that are what they say; whatever else comes is believed once a check has passed. */
const TRUSTED: ReadonlySet<DataSource> = new Set(['polygon', 'topstepx', 'fred', 'internal_calculation'])

const MINUTE_MS = 60_000
const STEP_MS = 30 * MINUTE_MS

/** Open time between two moments, ms; counting ends beyond `enough`. Sessions begin on half hours. */
export function tradingMs(calendar: Calendar, from: number, to: number, enough: number): number {
  let open = 0
  for (let at = from; at < to && open <= enough; ) {
    const moment = calendar.at(at)
    const next = moment.open
      ? at + Math.max(MINUTE_MS, moment.minutesToClose * MINUTE_MS - (at % MINUTE_MS))
      : (Math.floor(at / STEP_MS) + 1) * STEP_MS
    const until = Math.min(next, to)
    if (moment.open) open += until - at
    at = until
  }
  return open
}

export type DataFacts = {
  readonly source: DataSource
  /** When the newest of it was known, or when the archive was last asked, ms UTC. */
  readonly asOf: number
  /** Whose hours count; undefined where data does not come by the session. */
  readonly calendar: Calendar | undefined
  readonly blocked: boolean
  /** What the last check said; undefined before the first. */
  readonly checked: boolean | undefined
}

/** Age in ms, in trading time for feeds; counted no further than a little beyond the limit. */
export function ageMs({ source, asOf, calendar }: DataFacts, now: number, maxAges: MaxAges): number {
  const limit = maxAges[KEY_OF[source]] * 1000
  if (!LIVE.has(source) || calendar === undefined) return Math.max(0, now - asOf)
  return tradingMs(calendar, asOf, now, limit)
}

/** A block outweighs age, and age what a check said. */
export function statusOf(facts: DataFacts, now: number, maxAges: MaxAges): DataStatus {
  if (facts.blocked) return 'blocked'
  if (ageMs(facts, now, maxAges) > maxAges[KEY_OF[facts.source]] * 1000) return 'expired'
  return (facts.checked ?? TRUSTED.has(facts.source)) ? 'verified' : 'unverified'
}
