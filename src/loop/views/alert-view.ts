// What happened to a run that no other list keeps: rehearsed faults, halts, commands, how it began and ended.

import type { RunEventBodies, RunTopic } from '../run-event.ts'
import { findRun } from './run-view.ts'
import type { ViewPorts } from './view-ports.ts'

const TOPICS = ['judged', 'risk', 'control', 'run', 'sync'] as const satisfies readonly RunTopic[]

/** Flat, as it was streamed when it happened. */
export type AlertView = { seq: number; runId: string; at: number; topic: (typeof TOPICS)[number] }

/** How many events are looked at. */
const LIMIT = 200

const isTopic = (topic: string): topic is AlertView['topic'] => TOPICS.some(known => known === topic)

/** Newest first. Verdicts on real releases are left out: the releases tell them. */
export async function alertsView(
  name: string | undefined,
  { records }: Pick<ViewPorts, 'records'>,
): Promise<{ items: AlertView[] }> {
  const run = await findRun(name, { records })
  if (run === undefined) return { items: [] }
  const events = await records.newestEvents(run.runId, TOPICS, LIMIT)
  const items = events.flatMap(({ seq, runId, at, topic, body }) => {
    if (!isTopic(topic)) return []
    const told = JSON.parse(body) as RunEventBodies[typeof topic]
    if ('drill' in told && !told.drill) return []
    return [{ seq, runId, at, topic, ...told }]
  })
  return { items }
}
