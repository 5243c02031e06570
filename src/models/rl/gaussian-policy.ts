// A size in 0.1 to 2.0 from a normal variable u whose mean is the network's output: a = 0.1 + 1.9*sigmoid(u) (RL-01). Probabilities are
// those of u: squashing changes no ratio of them.

import type { Policy, PolicyNet } from './policy.ts'
import { LOWEST_SIZE, SIZE_SPAN } from './sizer-net.ts'

const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI)

/** The size that u stands for. */
export const sizeOf = (u: number): number => LOWEST_SIZE + SIZE_SPAN / (1 + Math.exp(-u))

/** The u of size 1: training sets out from the baseline. */
const SIZE_ONE = Math.log((1 - LOWEST_SIZE) / (SIZE_SPAN + LOWEST_SIZE - 1))

export type GaussianOptions = {
  /** Log of the first standard deviation of u; it is learnt and no input changes it. */
  readonly logSd?: number
}

/**
 * @example
 * gaussianPolicy().decode(0) // 1.05
 */
export function gaussianPolicy({ logSd = 0 }: GaussianOptions = {}): Policy {
  const judged = { z: 0, sd: 1 }
  const mean = ({ output, outputStride }: PolicyNet, row: number): number => output[row * outputStride]!
  return {
    kind: 'gaussian',
    outputs: 1,
    free: 1,
    start: { bias: [SIZE_ONE], free: [logSd] },
    draw: (net, row, rng) => mean(net, row) + Math.exp(net.free[0]!) * rng.normal(),
    best: mean,
    decode: sizeOf,
    judge(net, row, action) {
      const log = net.free[0]!
      judged.sd = Math.exp(log)
      judged.z = (action - mean(net, row)) / judged.sd
      return { logProb: -0.5 * judged.z ** 2 - log - HALF_LOG_2PI, entropy: 0.5 + HALF_LOG_2PI + log }
    },
    gradient({ outputGradient, outputStride, freeGradient }, row, byLogProb, byEntropy) {
      outputGradient[row * outputStride] = (byLogProb * judged.z) / judged.sd
      freeGradient[0]! += byLogProb * (judged.z ** 2 - 1) + byEntropy
    },
  }
}
