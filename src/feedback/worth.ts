// Was it worth training again? A retrained model against keeping the old one, on decisions that neither was fitted on (SCHED-05).

import { mean } from '../math/statistics.ts'
import type { PairedScores } from '../serving/gates/gate.ts'
import type { Severity } from './signal.ts'

/** Why a training ran. */
export type Cause =
  | { readonly kind: 'schedule' }
  /** A person wanted it. */
  | { readonly kind: 'asked'; readonly reason: string }
  | {
      readonly kind: 'drift'
      readonly model: string
      readonly detector: string
      readonly severity: Severity
      readonly sentence: string
    }

export const SCHEDULED: Cause = Object.freeze({ kind: 'schedule' })

/** Figures of the new set over the old one; positive is better. */
export type Worth = {
  /** Decisions compared. */
  readonly n: number
  /** Fall of the log loss, nats. */
  readonly lossGain: number
  /** Rise of the mean R of a decision. */
  readonly rGain: number
  readonly helped: boolean
}

/**
 * A retraining helped where it predicts no worse and earns no less, and does one of them better. Whether that is sure is gate G10's question; this
 * one is counted over many.
 *
 * @returns undefined where there is nothing that both have not seen
 * @example worthOf({ candidateLoss: [0.5], championLoss: [0.7], candidateR: [1], championR: [1] }) // { n: 1, lossGain: 0.2, rGain: 0, helped: true }
 */
export function worthOf({ candidateLoss, championLoss, candidateR, championR }: PairedScores): Worth | undefined {
  const n = candidateLoss.length
  if (n === 0) return undefined
  const lossGain = mean(championLoss) - mean(candidateLoss)
  const rGain = mean(candidateR) - mean(championR)
  return { n, lossGain, rGain, helped: lossGain >= 0 && rGain >= 0 && lossGain + rGain > 0 }
}

export type Retraining = {
  readonly cause: Cause
  /** Null where there was no old one, or nothing to compare on. */
  readonly worth: Worth | null
}

/** How the retrainings of one model and trigger have gone so far. */
export type WorthShare = {
  /** `set` for those that ran by the schedule or were asked for: all roles were due. */
  readonly model: string
  /** `schedule`, `asked`, or the detector. */
  readonly trigger: string
  readonly trainings: number
  /** Of them, those that could be compared, and those that helped. */
  readonly compared: number
  readonly helped: number
  readonly share: number | null
}

/**
 * In order of model and trigger.
 *
 * @example worthShares([]) // []
 */
export function worthShares(retrainings: readonly Retraining[]): WorthShare[] {
  const groups = new Map<string, { model: string; trigger: string; own: Retraining[] }>()
  for (const retraining of retrainings) {
    const { cause } = retraining
    const model = cause.kind === 'drift' ? cause.model : 'set'
    const trigger = cause.kind === 'drift' ? cause.detector : cause.kind
    const key = `${model}/${trigger}`
    const group = groups.get(key) ?? { model, trigger, own: [] }
    group.own.push(retraining)
    groups.set(key, group)
  }
  return [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { model, trigger, own }]) => {
      const compared = own.flatMap(({ worth }) => worth ?? [])
      const helped = compared.filter(one => one.helped).length
      const share = compared.length === 0 ? null : helped / compared.length
      return { model, trigger, trainings: own.length, compared: compared.length, helped, share }
    })
}
