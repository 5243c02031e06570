// What a runtime tells the program around it, and how the result of a pass becomes that.

import type { Fault } from '../base/fault.ts'
import type { ModelSet } from '../serving/model-set.ts'
import { isUnreachable } from '../serving/unreachable.ts'
import type { Refusal, SyncResult } from '../serving/updater.ts'

export type OpenGate = { readonly gate: string; readonly reason: string }

/** The set in charge is another one now. */
export type Swapped = {
  readonly cause: 'installed' | 'rolledBack'
  /** Null: none is left, and decisions are refused with `NO_MODEL`. */
  readonly releaseId: string | null
  readonly label: string | null
  readonly version: number | null
  readonly previous: string | null
  readonly setSeq: number
  /** Gates that let the release pass without an answer, or on part of one, and what they lacked: this bot holds no bars. */
  readonly open: readonly OpenGate[]
}

/** A release was refused, or a pass broke off; the set in charge stays. */
export type Refused = {
  readonly code: string
  readonly sentence: string
  /** File of the release, or the gate that decided. */
  readonly file: string | null
  /** Of the manifest, where the release came far enough to have one. */
  readonly digest: string | null
}

/** The source did not answer, or not in full; it is asked again. */
export type Unreachable = { readonly code: string; readonly sentence: string }

export type RuntimeEvents = {
  readonly swapped: Swapped
  readonly refused: Refused
  readonly unreachable: Unreachable
}

export type Tell = <Name extends keyof RuntimeEvents>(name: Name, event: RuntimeEvents[Name]) => void

export const openGates = ({ gateReport }: Pick<SyncResult, 'gateReport'>): readonly OpenGate[] =>
  (gateReport?.results ?? [])
    .filter(({ result, paper }) => result === 'notApplicable' || paper === true)
    .map(({ gate, reason = '' }) => ({ gate, reason }))

export const swappedTo = (
  set: ModelSet | undefined,
  change: Pick<Swapped, 'cause' | 'previous' | 'setSeq' | 'open'>,
): Swapped => ({
  ...change,
  releaseId: set?.releaseId ?? null,
  label: set?.label ?? null,
  version: set?.version ?? null,
})

export function tellRefusal(tell: Tell, { code, detail: sentence, file, digest }: Refusal): void {
  if (isUnreachable(code)) tell('unreachable', { code, sentence })
  else tell('refused', { code, sentence, file, digest })
}

export const refusalOf = ({ code, message, place }: Fault): Refusal => ({
  code,
  detail: message,
  file: place ?? null,
  digest: null,
})
