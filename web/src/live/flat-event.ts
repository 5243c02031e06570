// An event as it travels and as it is used.

import type { RunEvent } from '../../../src/loop/run-event.ts'

const ENVELOPE = new Set(['seq', 'runId', 'at', 'topic'])

/** What travels flat becomes an event again: our own server wrote it. */
export function eventOf(flat: Readonly<Record<string, unknown>>): RunEvent {
  const body = Object.fromEntries(Object.entries(flat).filter(([key]) => !ENVELOPE.has(key)))
  return { seq: flat['seq'], runId: flat['runId'], at: flat['at'], topic: flat['topic'], body } as RunEvent
}
