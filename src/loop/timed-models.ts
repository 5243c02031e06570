// The models in charge, with each answer timed; the answers are theirs.

import { isBaseline } from '../trading/baseline.ts'
import type { ModelLease, ModelsInCharge } from '../trading/models-in-charge.ts'
import type { RunMeter } from './run-reading.ts'

/**
 * Answers of the rule-based baseline are no predictions.
 *
 * @example timedModels(slotModels(slot, strategies), meter)
 */
export function timedModels(models: ModelsInCharge, meter: RunMeter): ModelsInCharge {
  const timed =
    <A>(ask: (row: Float32Array) => A) =>
    (row: Float32Array): A => {
      const began = meter.now()
      const answer = ask(row)
      meter.note('predictionSeconds', (meter.now() - began) / 1000)
      return answer
    }
  return {
    ...models,
    lease(position): ModelLease {
      const lease = models.lease(position)
      if (isBaseline(lease)) return lease
      return {
        ...lease,
        probabilities: timed(row => lease.probabilities(row)),
        expectedR: timed(row => lease.expectedR(row)),
        size: timed(row => lease.size(row)),
      }
    },
  }
}
