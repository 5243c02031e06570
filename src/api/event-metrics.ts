// What the events of runs count up: trainings, verdicts of the door, swaps, fills. Labels are names of ours, never ids or free text.

import type { Counter } from 'prom-client'
import type { RunEventBodies } from '../loop/run-event.ts'
import type { ReadModel } from '../trading/read-model.ts'
import type { Instruments } from './instruments.ts'

/** The one recipe that trains here. */
export const MODEL = 'ratchet'
const EVENTS_AT_ONCE = 5000
const TRAINING_SECONDS = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200]
const TOPICS = ['training', 'judged', 'swap', 'fill'] as const

/** A training's code stands before its sentence. */
const codeOf = (reason: string | null): string => /^[A-Z][A-Z0-9_]+(?=:)/.exec(reason ?? '')?.[0] ?? 'OTHER'

/** A canary's rule (F1, F2, ...), or a person, whose words are no label. */
const whyBack = (cause: string): string => /^F\d{1,2}\b/.exec(cause)?.[0] ?? 'operator'

/** @param orders what was sent is counted elsewhere, what was filled here */
export function eventMetrics(
  { counter, gauge, histogram }: Instruments,
  records: ReadModel,
  orders: Counter,
): () => Promise<void> {
  const trainings = counter('model_training_total', 'trainings that ended', 'model_id', 'status')
  const failures = counter('model_training_failures_total', 'trainings that failed, by code', 'model_id', 'code')
  const durations = histogram('model_training_duration_seconds', 'time of a training', TRAINING_SECONDS, 'model_id')
  const rows = gauge('model_training_rows', 'effective rows of the newest training', 'model_id')
  const syncs = counter('sync_total', 'releases judged at the door', 'result')
  const swaps = counter('swap_total', 'changes of what is in charge', 'result')
  const rollbacks = counter('rollback_total', 'releases taken back', 'reason')
  const gates = counter('gate_results_total', 'verdicts of gates', 'gate', 'result')

  const count: { [T in (typeof TOPICS)[number]]: (body: RunEventBodies[T]) => void } = {
    training({ state, durationMs, effectiveRows, reason }) {
      if (state === 'started') return
      trainings.inc({ model_id: MODEL, status: state })
      if (durationMs != null) durations.observe({ model_id: MODEL }, durationMs / 1000)
      if (effectiveRows != null) rows.set({ model_id: MODEL }, effectiveRows)
      if (state === 'failed') failures.inc({ model_id: MODEL, code: codeOf(reason) })
    },
    judged({ verdict, drill, gates: results }) {
      syncs.inc({ result: drill ? 'drill' : verdict })
      for (const { gate, result } of results) gates.inc({ gate, result })
    },
    swap({ event, cause }) {
      swaps.inc({ result: event })
      if (event === 'rolledBack') rollbacks.inc({ reason: whyBack(cause) })
    },
    fill: () => orders.inc({ status: 'filled' }),
  }
  let upTo: number | undefined

  /** Counts what happened since the last time; what happened before this process is not counted. */
  return async () => {
    const { newest } = await records.eventSpan()
    let after = upTo ?? newest
    for (;;) {
      const found = await records.events({ after, limit: EVENTS_AT_ONCE, topics: TOPICS })
      for (const { topic, body } of found) count[topic as (typeof TOPICS)[number]](JSON.parse(body))
      if (found.length < EVENTS_AT_ONCE) break
      after = found.at(-1)!.seq
    }
    upTo = Math.max(newest, after)
  }
}
