// How a network's outputs choose an action, how likely an action was, and which way the outputs have to move to make it likelier.

import type { Rng } from '../../base/rng.ts'
import type { DenseNet } from './dense-net.ts'

/** The net whose outputs are read; a row is a row of its `output`. */
export type PolicyNet = Pick<DenseNet, 'output' | 'outputStride' | 'outputGradient' | 'free' | 'freeGradient'>

/** Actions are numbers of the policy's own (a place in a list, a value before squashing); `decode` turns them into sizes. */
export interface Policy {
  readonly kind: 'categorical' | 'gaussian'
  /** Outputs, and parameters that no input reaches. */
  readonly outputs: number
  readonly free: number
  /** First biases of the outputs and first free parameters. */
  readonly start: { readonly bias: readonly number[]; readonly free: readonly number[] }
  /** Draws an action. */
  draw(net: PolicyNet, row: number, rng: Rng): number
  /** The action without noise, which is what is deployed. */
  best(net: PolicyNet, row: number): number
  /** What an environment is told. */
  decode(action: number): number
  /** Log-probability (or log-density) of an action and the entropy of the choice, in nats. */
  judge(net: PolicyNet, row: number, action: number): { readonly logProb: number; readonly entropy: number }
  /**
   * Writes the gradient by the row's outputs and adds that by the free parameters, for the row and action that were judged last.
   *
   * @param byLogProb derivative of the loss by the log-probability, `byEntropy` by the entropy
   */
  gradient(net: PolicyNet, row: number, byLogProb: number, byEntropy: number): void
}
