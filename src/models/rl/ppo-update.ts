// What one minibatch does to the networks: the loss of RL-05, its gradient by every weight, and a step of Adam.

import { mean, standardDeviation } from '../../math/statistics.ts'
import { clippedSurrogate, divergenceOf } from './clipped-surrogate.ts'
import type { DenseNet } from './dense-net.ts'
import type { Policy } from './policy.ts'
import type { PpoOptions } from './ppo-options.ts'
import type { Experience } from './rollout.ts'

export type PolicyReport = {
  /** The policy's part of the loss. */
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

/** Loads the rows of a minibatch into a net and runs it. */
function run(net: DenseNet, states: Float32Array, rows: Int32Array): void {
  const stride = net.inputStride
  for (const [place, row] of rows.entries()) {
    net.input.set(states.subarray(row * stride, (row + 1) * stride), place * stride)
  }
  net.forward(rows.length)
}

/**
 * Gradient of `-mean(min(rho*A, clip(rho)*A)) - entropy*mean(H)` by the policy's weights (Schulman et al. 2017, equation 9). The policy
 * and the value function share no weight, so each has its own part of that loss.
 */
export function policyGradient(
  { policy, actor }: { readonly policy: Policy; readonly actor: DenseNet },
  { states, actions, logProbs, advantages }: Experience,
  rows: Int32Array,
  options: Pick<PpoOptions, 'clip' | 'entropy'>,
): PolicyReport {
  run(actor, states, rows)
  const count = rows.length
  let [gain, divergence, disorder] = [0, 0, 0]
  actor.freeGradient.fill(0)
  for (const [place, row] of rows.entries()) {
    const { logProb, entropy } = policy.judge(actor, place, actions[row]!)
    const { value, slope } = clippedSurrogate(logProb, logProbs[row]!, advantages[row]!, options.clip)
    policy.gradient(actor, place, -slope / count, -options.entropy / count)
    gain += value
    divergence += divergenceOf(logProb, logProbs[row]!)
    disorder += entropy
  }
  actor.backward(count)
  return {
    loss: -(gain + options.entropy * disorder) / count,
    divergence: divergence / count,
    entropy: disorder / count,
  }
}

/** Gradient of `value*mean((V-return)^2)` by the weights of the value function; @returns that loss */
export function valueGradient(
  critic: DenseNet,
  { states, returns }: Pick<Experience, 'states' | 'returns'>,
  rows: Int32Array,
  { value }: Pick<PpoOptions, 'value'>,
): number {
  run(critic, states, rows)
  const count = rows.length
  let error = 0
  for (const [place, row] of rows.entries()) {
    const miss = critic.output[place * critic.outputStride]! - returns[row]!
    critic.outputGradient[place * critic.outputStride] = (2 * value * miss) / count
    error += miss * miss
  }
  critic.backward(count)
  return (value * error) / count
}

/**
 * One step of Adam by a gradient whose length is held to `gradientNorm`. Each network has its own limit: under a joint one a value
 * function that is far off would scale the policy's gradient down to nothing.
 */
export function descend(
  net: DenseNet,
  { rate, epsilon, gradientNorm }: Pick<PpoOptions, 'rate' | 'epsilon' | 'gradientNorm'>,
): void {
  const norm = Math.sqrt(net.gradientSquares())
  net.step({ rate, epsilon, scale: norm > gradientNorm ? gradientNorm / norm : 1 })
}
