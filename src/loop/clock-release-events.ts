// What came of a release at the door of a loop by the clock, as the events of a run.

import type { ModelSet } from '../serving/model-set.ts'
import type { Registry } from '../serving/registry.ts'
import type { Handover, LivePass } from './live-slot.ts'
import { verdictOf } from './replay-trainer.ts'
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
