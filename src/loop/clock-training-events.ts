// Slots of the clock as the events of a run.

import { z } from 'zod'
import type { ClockEvent } from './clock-event.ts'
import type { RunEventBodies, RunEventDraft } from './run-event.ts'

const told = z.object({ sentence: z.string().optional(), reason: z.string().optional() })

export type SlotFacts = {
  /** Of the slot's training: its place among those of the run. */
  readonly number: number
  readonly bar: number
  /** Of the release that the slot published. */
  readonly label: string | null
}

/** What an event says to the world; undefined for what only the terminal tells. */
export function trainingEvent(event: ClockEvent, { number, bar, label }: SlotFacts): RunEventDraft | undefined {
  const { at } = event
  switch (event.type) {
    case 'trainingStarted': {
      const blank = { releaseId: null, label: null, effectiveRows: null, reason: null, durationMs: null }
      return { topic: 'training', at, body: { ...blank, trainingId: event.slot, number, bar, state: 'started' } }
    }
    case 'trainingEnded':
      return { topic: 'training', at, body: endedBody(event, { number, bar, label }) }
    case 'published': {
      const { releaseId, version, digest } = event
      return { topic: 'published', at, body: { releaseId, label: event.label, version, digest, bar } }
    }
    case 'slotFailed': {
      const detail = `${event.slot}: ${event.fault.code} ${event.fault.message}`
      return { topic: 'control', at, body: { action: 'slot', detail } }
    }
    case 'driftFound':
      return { topic: 'control', at, body: { action: 'drift', detail: `${event.model}: ${event.sentence}` } }
    case 'modelAged': {
      const detail = `the newest release is older than ${event.maxHours} hours`
      return { topic: 'control', at, body: { action: 'age', detail } }
    }
    case 'signedOn':
    case 'synced':
    case 'syncLimited':
      break
  }
  return undefined
}

function endedBody(
  { slot, row }: Extract<ClockEvent, { type: 'trainingEnded' }>,
  { number, bar, label }: SlotFacts,
): RunEventBodies['training'] {
  const { status, release, effectiveRows, durationMs, fault } = row
  const { sentence, reason } = told.catch({}).parse(JSON.parse(row.report))
  const text = sentence ?? reason ?? 'no reason was given'
  return {
    trainingId: slot,
    number,
    bar,
    state: status,
    releaseId: release?.releaseId ?? null,
    label: release === null ? null : label,
    effectiveRows,
    reason: status === 'released' ? null : fault === null ? text : `${fault}: ${text}`,
    durationMs,
  }
}
