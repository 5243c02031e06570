// What came of a release at the door of a loop by the clock, as the events of a run.

import type { ModelSet } from '../serving/model-set.ts'
import type { Registry } from '../serving/registry.ts'
import { passFailed } from '../serving/updater.ts'
import type { ClockEvent } from './clock-event.ts'
import type { Handover, LivePass } from './live-slot.ts'
import { verdictOf } from './replay-trainer.ts'
import type { SourceTrouble } from './run-control.ts'
import type { RunEventDraft } from './run-event.ts'

export type When = { readonly at: number; readonly bar: number }

/** Undefined where nothing was there to judge, or nothing that had not been judged before. */
export async function judgedEvent(
  { result, offered }: LivePass,
  { at, bar }: When,
  { releases }: Pick<Registry, 'releases'>,
): Promise<RunEventDraft | undefined> {
  const verdict = verdictOf(result)
  if (!offered || verdict.verdict === 'known') return undefined
  const { releaseId, refused, gateReport } = result
  const digest = gateReport?.digest ?? refused[0]?.digest ?? null
  const label = (await releases()).find(row => row.digest === digest)?.label ?? null
  const gates = gateReport?.results ?? []
  return { topic: 'judged', at, body: { drill: false, releaseId, label, digest, gates, bar, ...verdict } }
}

export function swapEvent(
  event: 'activated' | 'rolledBack',
  { from, to }: Handover,
  cause: string,
  { at, bar }: When,
): RunEventDraft {
  const digest = (set: ModelSet | undefined) => set?.digest ?? null
  const label = to?.label ?? null
  return { topic: 'swap', at, body: { event, from: digest(from), to: digest(to), label, bar, cause } }
}

/** What a place is called where everybody reads it: without a question's secrets. */
const nameOf = (source: string): string => {
  if (!/^https?:/i.test(source)) return source
  const { host, pathname } = new URL(source)
  return `${host}${pathname}`
}

/** Why a pass failed; undefined where it came to its end, or where nothing was published there yet. */
export function troubleOf({ source, pass }: Extract<ClockEvent, { type: 'synced' }>): SourceTrouble | undefined {
  const { outcome, failures } = pass
  const told = { source: nameOf(source), failures }
  if (!outcome.ok) return { ...told, code: outcome.fault.code, detail: outcome.fault.message }
  const refused = outcome.value.refused.find(one => one.code !== 'SOURCE_EMPTY' && passFailed({ refused: [one] }))
  return refused && { ...told, code: refused.code, detail: refused.detail }
}

/** @param before how the pass before this one failed */
export function syncEvent(
  at: number,
  trouble: SourceTrouble | undefined,
  before: SourceTrouble | undefined,
): RunEventDraft | undefined {
  if (trouble !== undefined) return { topic: 'sync', at, body: { ...trouble, state: 'failed' } }
  if (before === undefined) return undefined
  const { source, failures, code } = before
  const detail = `it answers again after ${failures} failed in a row (${code})`
  return { topic: 'sync', at, body: { source, failures, state: 'recovered', code: null, detail } }
}
