// When drift becomes a request to train: grave enough, with enough outcomes, and not again within the cooldown (SCHED-03, FBK-03).

import { type DriftSignal, type Severity, severityOf } from './signal.ts'
import type { Cause } from './worth.ts'

export type RetrainingRequest = {
  /** Role of the model. */
  readonly model: string
  /** The gravest of the triggers. */
  readonly signal: DriftSignal
  readonly severity: Severity
}

/** The request as the cause of a training. */
export const causeOf = ({ model, signal, severity }: RetrainingRequest): Cause => {
  return { kind: 'drift', model, detector: signal.detector, severity, sentence: signal.sentence }
}

export type RequestQuestion = {
  readonly model: string
  readonly signals: readonly DriftSignal[]
  readonly now: number
  /** When this model was asked for last, ms UTC. */
  readonly lastAt: number | undefined
  readonly cooldownMs: number
}

/**
 * @example requestOf({ model: 'meta', signals: [], now: 0, lastAt: undefined, cooldownMs: 0 }) // undefined
 */
export function requestOf({ model, signals, now, lastAt, cooldownMs }: RequestQuestion): RetrainingRequest | undefined {
  if (lastAt !== undefined && now - lastAt < cooldownMs) return undefined
  const triggers = signals.filter(({ level }) => level === 'trigger')
  if (triggers.length === 0) return undefined
  const signal = triggers.reduce((a, b) => (Math.abs(b.value) > Math.abs(a.value) ? b : a))
  return { model, signal, severity: severityOf(signal) }
}
