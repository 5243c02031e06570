// What one minibatch does to the networks: the loss of RL-05, its gradient by every weight, and a step of Adam.

import { mean, standardDeviation } from '../../math/statistics.ts'
import { clippedSurrogate, divergenceOf } from './clipped-surrogate.ts'
import type { DenseNet } from './dense-net.ts'
import type { Policy } from './policy.ts'
import type { PpoOptions } from './ppo-options.ts'
import type { Experience } from './rollout.ts'

export type Learners = { readonly policy: Policy; readonly actor: DenseNet; readonly critic: DenseNet }

export type BatchReport = {
  readonly loss: number
  /** Mean divergence from the policy that made the experience. */
  readonly divergence: number
  readonly entropy: number
}

/** Keeps equal advantages from being blown up. */
const TINY = 1e-8

/**
 * Advantages of one iteration with mean 0 and deviation 1. Over the whole iteration, not over a minibatch: a rare bad episode widens the
 * spread of the minibatch it is in and so would weigh less the rarer it is, which is the tail that the multiplier is to price.
 */
export function normalised(advantages: Float64Array): Float64Array {
  const [middle, spread] = [mean(advantages), standardDeviation(advantages)]
  return advantages.map(advantage => (advantage - middle) / (spread + TINY))
}

/** Loads the rows of a minibatch into both nets and runs them. */
function load({ actor, critic }: Learners, { states }: Experience, rows: Int32Array): void {
  const stride = actor.inputStride
  for (const [place, row] of rows.entries()) {
    actor.input.set(states.subarray(row * stride, (row + 1) * stride), place * stride)
  }
  critic.input.set(actor.input.subarray(0, rows.length * stride))
  actor.forward(rows.length)
  critic.forward(rows.length)
}

/**
 * Gradients of `-mean(min(rho*A, clip(rho)*A)) + value*mean((V-return)^2) - entropy*mean(H)` by all weights (Schulman et al. 2017,
 * equation 9).
 */
export function batchGradient(
  learners: Learners,
  experience: Experience,
  rows: Int32Array,
  options: Pick<PpoOptions, 'clip' | 'entropy' | 'value'>,
): BatchReport {
  const { policy, actor, critic } = learners
  const { actions, logProbs, advantages, returns } = experience
  load(learners, experience, rows)
  const count = rows.length
  let [gain, error, divergence, disorder] = [0, 0, 0, 0]
  actor.freeGradient.fill(0)
  for (const [place, row] of rows.entries()) {
    const { logProb, entropy } = policy.judge(actor, place, actions[row]!)
    const { value, slope } = clippedSurrogate(logProb, logProbs[row]!, advantages[row]!, options.clip)
    policy.gradient(actor, place, -slope / count, -options.entropy / count)
    const miss = critic.output[place * critic.outputStride]! - returns[row]!
    critic.outputGradient[place * critic.outputStride] = (2 * options.value * miss) / count
    gain += value
    error += miss * miss
    divergence += divergenceOf(logProb, logProbs[row]!)
    disorder += entropy
  }
  actor.backward(count)
  critic.backward(count)
  return {
    loss: (options.value * error - gain - options.entropy * disorder) / count,
    divergence: divergence / count,
    entropy: disorder / count,
  }
}

/**
 * One step of Adam on each network, by a gradient whose length is held to `gradientNorm`. Each has its own limit: under a joint one a
 * value function that is far off would scale the policy's gradient down to nothing.
 */
export function descend(
  { actor, critic }: Learners,
  { rate, epsilon, gradientNorm }: Pick<PpoOptions, 'rate' | 'epsilon' | 'gradientNorm'>,
): void {
  for (const net of [actor, critic]) {
    const norm = Math.sqrt(net.gradientSquares())
    net.step({ rate, epsilon, scale: norm > gradientNorm ? gradientNorm / norm : 1 })
  }
}
