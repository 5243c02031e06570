// The knobs of CVaR-PPO, checked once.

import { Fault } from '../../base/fault.ts'
import { CVAR_LIMIT_DEFAULTS, type CvarLimit } from './cvar-multiplier.ts'

export type PpoOptions = {
  /** Units of the tanh layers, of the policy and of the value function, which share nothing. */
  readonly hidden: readonly number[]
  /** Adam's. */
  readonly rate: number
  readonly epsilon: number
  readonly gamma: number
  readonly lambda: number
  readonly clip: number
  /** Weights of the entropy and of the squared error of the value function in the loss. */
  readonly entropy: number
  readonly value: number
  readonly epochs: number
  /** Rows of a minibatch. */
  readonly batch: number
  /** Longest gradient of each network. */
  readonly gradientNorm: number
  /** An iteration's epochs end when the mean divergence from the old policy in an epoch was above this; Infinity: never. */
  readonly targetKl: number
  /** Steps of each environment per iteration. */
  readonly horizon: number
  /** The limit on the tail; absent: plain PPO. */
  readonly cvar?: Partial<CvarLimit> | undefined
}

/** RL-03; 16 environments go with it. */
export const PPO_DEFAULTS: PpoOptions = Object.freeze({
  hidden: [128, 128],
  rate: 3e-4,
  epsilon: 1e-5,
  gamma: 0.99,
  lambda: 0.95,
  clip: 0.2,
  entropy: 0.01,
  value: 0.5,
  epochs: 4,
  batch: 64,
  gradientNorm: 0.5,
  targetKl: 0.02,
  horizon: 128,
  cvar: CVAR_LIMIT_DEFAULTS,
})

/** Fewest and most experiences of an iteration: below, an estimate of an advantage is noise; above, the policy that made them is old. */
const EXPERIENCES = { least: 256, most: 10_000 }

/** Faults: `RL_OPTIONS`. */
export function checkPpoOptions(options: PpoOptions, environments: number): void {
  const refuse = (what: string, fix: string): never => {
    throw new Fault('RL_OPTIONS', what, { place: 'cvarPpo', fix })
  }
  const experiences = options.horizon * environments
  if (!(experiences >= EXPERIENCES.least && experiences <= EXPERIENCES.most)) {
    refuse(
      `${environments} environments of ${options.horizon} steps make ${experiences} experiences an iteration`,
      `choose a horizon that makes ${EXPERIENCES.least} to ${EXPERIENCES.most}`,
    )
  }
  const whole = (value: number): boolean => Number.isInteger(value) && value > 0
  if (![options.epochs, options.batch, ...options.hidden].every(whole) || options.hidden.length === 0) {
    refuse('epochs, batch and hidden layers must be whole numbers above 0', 'correct them')
  }
  const share = (value: number): boolean => value >= 0 && value <= 1
  if (![options.gamma, options.lambda].every(share)) refuse('gamma and lambda must be from 0 to 1', 'correct them')
  if (![options.rate, options.clip, options.gradientNorm].every(value => value > 0)) {
    refuse('rate, clip and gradient norm must be above 0', 'correct them')
  }
}
