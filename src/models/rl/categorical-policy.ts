// A choice among listed sizes: softmax over one output each.

import type { Policy, PolicyNet } from './policy.ts'

/** Sizes of the brain's optional sizer in units of base risk (BRN-11, RL-02); 0 is "skip". The one table that decodes them. */
export const BRAIN_SIZES = [0, 0.25, 0.5, 1, 1.5, 2] as const

/**
 * @param values what each action means, such as `BRAIN_SIZES`
 * @example
 * categoricalPolicy(BRAIN_SIZES).decode(3) // 1
 */
export function categoricalPolicy(values: readonly number[]): Policy {
  const count = values.length
  const logs = new Float64Array(count)
  const chances = new Float64Array(count)
  const judged = { action: 0, entropy: 0 }

  /** Log-probabilities of a row, by the log-sum-exp that cannot overflow. */
  const read = ({ output, outputStride }: PolicyNet, row: number): void => {
    const at = row * outputStride
    let top = output[at]!
    for (let i = 1; i < count; i++) top = Math.max(top, output[at + i]!)
    let sum = 0
    for (let i = 0; i < count; i++) sum += Math.exp(output[at + i]! - top)
    const base = top + Math.log(sum)
    for (let i = 0; i < count; i++) chances[i] = Math.exp((logs[i] = output[at + i]! - base))
  }

  return {
    kind: 'categorical',
    outputs: count,
    free: 0,
    start: { bias: values.map(() => 0), free: [] },
    draw(net, row, rng) {
      read(net, row)
      let place = rng.next()
      for (let i = 0; i < count - 1; i++) {
        place -= chances[i]!
        if (place < 0) return i
      }
      return count - 1
    },
    best({ output, outputStride }, row) {
      let best = 0
      for (let i = 1; i < count; i++) {
        if (output[row * outputStride + i]! > output[row * outputStride + best]!) best = i
      }
      return best
    },
    decode: action => values[action]!,
    judge(net, row, action) {
      read(net, row)
      let entropy = 0
      for (let i = 0; i < count; i++) entropy -= chances[i]! * logs[i]!
      judged.action = action
      judged.entropy = entropy
      return { logProb: logs[action]!, entropy }
    },
    gradient({ outputGradient, outputStride }, row, byLogProb, byEntropy) {
      // d logProb / d output_i = [i = action] - p_i; d entropy / d output_i = -p_i * (log p_i + entropy).
      for (let i = 0; i < count; i++) {
        const p = chances[i]!
        const chosen = i === judged.action ? 1 : 0
        outputGradient[row * outputStride + i] = byLogProb * (chosen - p) - byEntropy * p * (logs[i]! + judged.entropy)
      }
    },
  }
}
