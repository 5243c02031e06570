// The dated table of scheduled news: when entries are held back around an event (RSK-02). A table is data that somebody hands in.

import { Fault } from '../base/fault.ts'

export type NewsEvent = {
  /** ms UTC. */
  readonly time: number
  readonly importance: 0.25 | 0.5 | 1
  readonly event: string
}

export type NewsTable = {
  /** In order of time. */
  readonly events: readonly NewsEvent[]
}

export type NewsFile = {
  readonly table: NewsTable
  /** Of the file's bytes: a run with another table is another run. */
  readonly sha256: string
}

/** Minutes around a moment: to the next event and since the last one; infinite where there is none. */
export type NewsDistance = { readonly minutesTo: number; readonly minutesSince: number }

const HEADER = 'time,importance,event'
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?Z$/
const IMPORTANCES = [0.25, 0.5, 1] as const
const MINUTE_MS = 60_000

/**
 * Text of a CSV file with the header `time,importance,event`; times are UTC such as `2026-01-28T19:00:00Z`, importance is 0.25, 0.5 or 1.
 *
 * @param name of the file, for faults
 * Faults: `NEWS_SYNTAX` with the line.
 * @example parseNews('time,importance,event\n2026-01-28T19:00:00Z,1,FOMC decision\n', 'news.csv').events.length // 1
 */
export function parseNews(text: string, name: string): NewsTable {
  const [header, ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const wrong = (line: number, sentence: string): Fault =>
    new Fault('NEWS_SYNTAX', sentence, {
      place: `${name}:${line}`,
      fix: `write a header ${HEADER} and lines such as 2026-01-28T19:00:00Z,1,FOMC`,
    })
  if (header?.trim() !== HEADER) throw wrong(1, `the news table does not begin with ${HEADER}`)
  const events = lines.flatMap((line, index): NewsEvent[] => {
    if (line.trim() === '') return []
    const [time = '', weight = '', ...rest] = line.split(',')
    const at = TIME.test(time) ? Date.parse(time) : Number.NaN
    const importance = IMPORTANCES.find(known => weight.trim() !== '' && Number(weight) === known)
    const event = rest.join(',').trim()
    if (Number.isNaN(at)) throw wrong(index + 2, `"${time}" is no time in UTC such as 2026-01-28T19:00:00Z`)
    if (importance === undefined) throw wrong(index + 2, `"${weight}" is no importance of 0.25, 0.5 or 1`)
    if (event === '') throw wrong(index + 2, 'the event has no name')
    return [{ time: at, importance, event }]
  })
  return { events: events.sort((a, b) => a.time - b.time) }
}

/** Index of the first event at a time or later; their number where there is none. */
function firstAt(events: readonly NewsEvent[], timeMs: number): number {
  let low = 0
  let high = events.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (events[middle]!.time < timeMs) low = middle + 1
    else high = middle
  }
  return low
}

/** @example newsAround(table, Date.parse('2026-01-28T18:58:00Z')).minutesTo // 2 */
export function newsAround({ events }: NewsTable, timeMs: number): NewsDistance {
  const at = firstAt(events, timeMs)
  const [before, next] = [events[at - 1], events[at]]
  const since = next?.time === timeMs ? next : before
  return {
    minutesTo: next === undefined ? Infinity : (next.time - timeMs) / MINUTE_MS,
    minutesSince: since === undefined ? Infinity : (timeMs - since.time) / MINUTE_MS,
  }
}

/** Minutes after which an event weighs a e-th of its importance (FEAT-02, column 16). */
const FADE_MINUTES = 30

/**
 * The largest importance x exp(-|minutes| / 30) over all events; undefined where the table does not cover the moment.
 *
 * @example newsImpact(table, Date.parse('2026-01-28T18:30:00Z')) // 0.37, half an hour before the Fed decides
 */
export function newsImpact({ events }: NewsTable, timeMs: number): number | undefined {
  const [first, last] = [events[0], events.at(-1)]
  if (first === undefined || last === undefined || timeMs < first.time || timeMs > last.time) return undefined
  const next = firstAt(events, timeMs)
  const fading = (time: number): number => Math.exp(-Math.abs(time - timeMs) / (FADE_MINUTES * MINUTE_MS))
  let impact = 0
  // Farther ones could weigh no more than 1, which is soon less than what a near one weighs.
  for (let i = next; i < events.length && fading(events[i]!.time) > impact; i++)
    impact = Math.max(impact, events[i]!.importance * fading(events[i]!.time))
  for (let i = next - 1; i >= 0 && fading(events[i]!.time) > impact; i--)
    impact = Math.max(impact, events[i]!.importance * fading(events[i]!.time))
  return impact
}

/** What a reader of the result must know of the table; undefined where it covers the time. */
export function newsGap(table: NewsTable | undefined, fromMs: number, toMs: number): string | undefined {
  const last = table?.events.at(-1)
  if (table === undefined || last === undefined) {
    return 'there is no table of scheduled news: entries are not held back around it'
  }
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
  if (last.time < toMs)
    return `the table of scheduled news ends on ${day(last.time)}: entries after it are not held back`
  const first = table.events[0]!
  return first.time > fromMs
    ? `the table of scheduled news begins on ${day(first.time)}: entries before it are not held back`
    : undefined
}
