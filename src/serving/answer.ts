// One question to one role of the set in charge: an answer, or the reason there is none. Never a default guess (LIB-03).

import { accepted, Fault, type Outcome, refused } from '../base/fault.ts'
import type { Evaluator } from '../onnx/model.ts'
import type { ModelSet } from './model-set.ts'
import type { ModelSlot } from './slot.ts'

export type Answer = {
  readonly ok: true
  /** What the graph gives for the row: one probability per class for `meta`, one number for the others. */
  readonly value: readonly number[]
  /** What `meta` chooses among, in the order of its probabilities; empty for other roles. */
  readonly classes: readonly string[]
  /** The graph of this role is a stand-in: no trained model was worth more than a constant. */
  readonly baseline: boolean
  readonly releaseId: string
  readonly label: string
  readonly version: number
  /** How many swaps came before this set. */
  readonly setSeq: number
  /** 1, 2, 3, ... */
  readonly decisionSeq: number
}

export type Decision = Answer | { readonly ok: false; readonly fault: Fault }

/**
 * Synchronous, on one set from beginning to end. Refusals: `NO_MODEL`, `ROLE_UNKNOWN`, `ROW_WIDTH`, `ROW_NONFINITE`, `OUTPUT_NONFINITE` for a
 * graph that has no number to give, and `INFERENCE_LATE` and `INFERENCE_FAILED` of a host: all of them mean to abstain.
 *
 * @param row as many finite values as the role has columns, in their order
 * @example
 * const answer = answerOf(slot, 'meta', row)
 * if (answer.ok) trade(answer.classes, answer.value)
 */
export function answerOf(slot: ModelSlot, role: string, row: ArrayLike<number>): Decision {
  const lease = slot.lease()
  try {
    const { set, setSeq, decisionSeq } = lease
    if (set === undefined) return { ok: false, fault: new Fault('NO_MODEL', 'no verified model is in charge') }
    const value = outputsOf(set, role, row)
    if (!value.ok) return value
    const { releaseId, label, version } = set
    const classes = role === 'meta' ? set.classes : []
    const baseline = set.baselineRoles.has(role)
    return { ok: true, value: value.value, classes, baseline, releaseId, label, version, setSeq, decisionSeq }
  } finally {
    lease.release()
  }
}

function outputsOf(set: ModelSet, role: string, given: ArrayLike<number>): Outcome<number[]> {
  const evaluator = set.roles.get(role)
  if (evaluator === undefined) {
    return refused('ROLE_UNKNOWN', `release ${set.label} has no role ${role}`, {
      fix: `ask one of ${[...set.roles.keys()].join(', ')}`,
    })
  }
  if (given.length !== evaluator.width) {
    return refused('ROW_WIDTH', `${role} expects a row of ${evaluator.width} values and found ${given.length}`)
  }
  // A finite number beyond what 32 bits hold is none for the graph.
  const row = given instanceof Float32Array ? given : Float32Array.from(given)
  const bad = row.findIndex(value => !Number.isFinite(value))
  if (bad >= 0) {
    const place = set.features[role]?.[bad]?.name ?? `column ${bad}`
    return refused('ROW_NONFINITE', `value ${bad} of the row of ${role} is ${given[bad]}`, { place })
  }
  const answered = ran(evaluator, row)
  if (!answered.ok) return answered
  // The graph's own array is overwritten by the next call.
  const value = Array.from(answered.value.subarray(0, evaluator.outputs))
  if (value.every(Number.isFinite)) return accepted(value)
  return refused('OUTPUT_NONFINITE', `${role} of release ${set.label} has no finite answer to this row`)
}

/** What a host says instead of an answer. */
function ran(evaluator: Evaluator, row: Float32Array): Outcome<Float32Array> {
  try {
    return accepted(evaluator.run(row, 1))
  } catch (cause) {
    if (cause instanceof Fault) return { ok: false, fault: cause }
    throw cause
  }
}
