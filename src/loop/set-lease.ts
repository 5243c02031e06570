// Model sets of the slot as the leases that the brain asks: the one place where serving and trading meet.

import { Fault } from '../base/fault.ts'
import type { Evaluator } from '../onnx/model.ts'
import type { ModelSet } from '../serving/model-set.ts'
import type { ModelSlot } from '../serving/slot.ts'
import { baselineModels } from '../trading/baseline.ts'
import type { ModelLease, ModelsInCharge, Silence } from '../trading/models-in-charge.ts'

const nothing = (): void => {}

/** @throws Error where a role is missing: `loadModelSet` never gives such a set */
function leaseOf(set: ModelSet, setSeq: number, rest: Pick<ModelLease, 'pin' | 'release'>): ModelLease {
  const role = (name: string) => {
    const evaluator = set.roles.get(name)
    if (evaluator === undefined) throw new Error(`set ${set.releaseId} has no role ${name}`)
    return evaluator
  }
  const meta = role('meta')
  const execution = role('execution')
  const sizer = role('rl_sizer')
  let silence: Silence | undefined
  /** A host that is late or fell gives no numbers, on which the brain abstains. */
  const answered = (evaluator: Evaluator, row: Float32Array): Float32Array => {
    try {
      return evaluator.run(row, 1)
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause
      silence ??= cause.code === 'INFERENCE_LATE' ? 'INFERENCE_LATE' : 'INFERENCE_FAILED'
      return new Float32Array(evaluator.outputs).fill(Number.NaN)
    }
  }
  return {
    releaseId: set.releaseId,
    setSeq,
    classes: set.classes,
    scores: set.evaluation.scores,
    featureMask: set.featureMask,
    probabilities(row) {
      silence = undefined
      return answered(meta, row)
    },
    // One figure for every candidate is no filter: it would open or close the book as a whole (BRN-10).
    expectedR: set.baselineRoles.has('execution') ? () => null : row => answered(execution, row)[0]!,
    size: row => answered(sizer, row)[0]!,
    silence: () => silence,
    ...rest,
  }
}

/** What the engine asks while the slot's set may be swapped at any bar; without a set the rule-based baseline decides. */
export function slotModels(slot: ModelSlot, strategies: readonly string[]): ModelsInCharge {
  const baseline = baselineModels(strategies)
  return {
    lease(position) {
      const lease = slot.lease(position)
      const rest = { pin: (held: string) => lease.pin(held), release: () => lease.release() }
      if (lease.set !== undefined) return leaseOf(lease.set, lease.setSeq, rest)
      return { ...baseline.lease(), setSeq: lease.setSeq, ...rest }
    },
    unpin: position => slot.unpin(position),
  }
}

/** One fixed set, or the baseline: what a gate replays. */
export function fixedModels(set: ModelSet | undefined, strategies: readonly string[]): ModelsInCharge {
  if (set === undefined) return baselineModels(strategies)
  const lease = leaseOf(set, 0, { release: nothing })
  return { lease: () => lease }
}
