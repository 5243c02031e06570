// The price of a bad tail: a Lagrange multiplier that rises while the CVaR of episode losses is above its limit and falls below it.

import { Fault } from '../../base/fault.ts'
import { cvarAt, valueAtRisk } from '../../math/cvar.ts'

export type CvarLimit = {
  /** Share of episodes that are the tail. */
  readonly alpha: number
  /** Largest CVaR of an episode's loss, in the unit of reward; Infinity for none. */
  readonly limit: number
  /** How fast the multiplier answers, per iteration. */
  readonly rate: number
  readonly cap: number
  /** Newest episodes that the tail is judged by. */
  readonly memory: number
}

export const CVAR_LIMIT_DEFAULTS: CvarLimit = Object.freeze({
  alpha: 0.05,
  limit: 3,
  rate: 0.05,
  cap: 100,
  memory: 1000,
})

export type CvarState = {
  readonly lambda: number
  readonly z: number
  /** Newest last. */
  readonly losses: readonly number[]
}

export interface CvarMultiplier {
  readonly lambda: number
  /** Value at risk of the remembered losses; 0 before there are enough. */
  readonly z: number
  /** CVaR of the remembered losses at the last update; NaN before there are enough. */
  readonly cvar: number
  /** What an episode's last reward loses for its loss: `lambda/alpha * (loss - z)+`. */
  penalty(loss: number): number
  /** Remembers an episode's loss: its gain with the sign turned. */
  remember(loss: number): void
  /** New z, CVaR and lambda from what is remembered. Once per iteration. */
  update(): void
  save(): CvarState
  load(state: CvarState): void
}

/**
 * Maximises E[G] subject to CVaR_alpha(-G) <= limit by its Lagrangian, with CVaR = min over z of z + E[(-G - z)+]/alpha (Rockafellar and
 * Uryasev 2000, Optimization of conditional value-at-risk, theorem 1). The minimising z is the (1-alpha) quantile of the losses.
 * Below 1/alpha losses there is no tail to judge, and nothing moves.
 *
 * Faults: `RL_OPTIONS`.
 *
 * @example
 * const tail = cvarMultiplier({ alpha: 0.5, limit: 1 })
 * for (const loss of [0, 4]) tail.remember(loss)
 * tail.update()
 * tail.lambda // 0.15: z = 0, CVaR = 4, 0.05 * (4 - 1)
 */
export function cvarMultiplier(options: Partial<CvarLimit> = {}): CvarMultiplier {
  const { alpha, limit, rate, cap, memory } = { ...CVAR_LIMIT_DEFAULTS, ...options }
  if (!(alpha > 0 && alpha < 1) || Number.isNaN(limit) || memory * alpha < 1) {
    throw new Fault('RL_OPTIONS', `a CVaR limit of ${limit} at ${alpha} over ${memory} episodes has no meaning`, {
      place: 'cvarPpo',
      fix: 'give a tail share between 0 and 1 and a memory of at least one tail episode',
    })
  }
  let [lambda, z, cvar] = [0, 0, Number.NaN]
  let losses: number[] = []
  return {
    get lambda() {
      return lambda
    },
    get z() {
      return z
    },
    get cvar() {
      return cvar
    },
    penalty: loss => (lambda / alpha) * Math.max(0, loss - z),
    remember(loss) {
      losses.push(loss)
    },
    update() {
      losses = losses.slice(-memory)
      if (losses.length * alpha < 1) return
      z = valueAtRisk(losses, alpha)
      cvar = cvarAt(losses, alpha, z)
      lambda = Math.min(cap, Math.max(0, lambda + rate * (cvar - limit)))
    },
    save: () => ({ lambda, z, losses: losses.slice(-memory) }),
    load(state) {
      lambda = state.lambda
      z = state.z
      losses = [...state.losses]
    },
  }
}
