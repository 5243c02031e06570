// What happened to a run that no other list keeps: rehearsed faults, halts, commands, how it began and ended.

import type { RunEventBodies, RunTopic } from '../run-event.ts'
import { type Page, type PageRequest, pageOf, placeOf } from './paging.ts'
import { findRun } from './run-view.ts'
import type { ViewPorts } from './view-ports.ts'

const TOPICS = ['judged', 'risk', 'control', 'run', 'sync'] as const satisfies readonly RunTopic[]

/** Flat, as it was streamed when it happened. */
export type AlertView = { seq: number; runId: string; at: number; topic: (typeof TOPICS)[number] }

/** Events that are looked at in one go. */
const CHUNK = 500

const isTopic = (topic: string): topic is AlertView['topic'] => TOPICS.some(known => known === topic)

export type AlertsRequest = Pick<PageRequest, 'run' | 'cursor' | 'limit'>

/** Newest first. Verdicts on real releases are left out: the releases tell them. */
export async function alertsView(
  { run: name, cursor, limit }: AlertsRequest,
  { records }: Pick<ViewPorts, 'records'>,
): Promise<Page<AlertView>> {
  const run = await findRun(name, { records })
  if (run === undefined) return { items: [], next: null }
  const found: AlertView[] = []
  for (let before = placeOf(cursor)?.at; found.length <= limit; ) {
    const events = await records.newestEvents(run.runId, TOPICS, CHUNK, before)
    for (const { seq, runId, at, topic, body } of events) {
      if (!isTopic(topic)) continue
      const told = JSON.parse(body) as RunEventBodies[typeof topic]
      if ('drill' in told && !told.drill) continue
      found.push({ seq, runId, at, topic, ...told })
    }
    if (events.length < CHUNK) break
    before = events.at(-1)!.seq
  }
  return pageOf(
    found,
    limit,
    alert => alert,
    ({ seq }) => ({ at: seq, id: '' }),
  )
}
