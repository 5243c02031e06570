// CVaR-PPO: proximal policy optimisation of mean gain whose tail of bad episodes has a price that is learnt with it.

import { Fault } from '../../base/fault.ts'
import type { Rng } from '../../base/rng.ts'
import type { Crew } from '../crew.ts'
import type { Saved } from '../model.ts'
import { type CvarState, cvarMultiplier } from './cvar-multiplier.ts'
import { type DenseState, denseNet } from './dense-net.ts'
import { drawWeights } from './draw-weights.ts'
import type { Environment } from './environment.ts'
import type { Policy } from './policy.ts'
import { checkPpoOptions, PPO_DEFAULTS, type PpoOptions } from './ppo-options.ts'
import { descend, normalised, type PolicyReport, policyGradient } from './ppo-update.ts'
import { rollOut } from './rollout.ts'
import type { NetWeights } from './sizer-net.ts'
import { valuePart } from './value-part.ts'

export type CvarPpoInput = {
  readonly policy: Policy
  /** Side by side, all of one width; they belong to the learner from now on. */
  readonly environments: readonly Environment[]
  /** Decides everything; to go on from a checkpoint, hand in one of the same seed. */
  readonly rng: Rng
  readonly options?: Partial<PpoOptions>
  /** One of its threads learns the value function while the caller's moves the policy. */
  readonly crew?: Crew | undefined
}

export type IterationReport = PolicyReport & {
  readonly iteration: number
  /** Of the policy and of the value function, on the last minibatch. */
  readonly loss: number
  /** Gains of the episodes that ended, without penalties. */
  readonly gains: readonly number[]
  /** Of the limit on the tail; 0 and NaN without one. */
  readonly multiplier: number
  readonly cvar: number
}

export interface CvarPpo {
  /** Done so far; environment steps are `horizon` times the environments times this. */
  readonly iteration: number
  /**
   * Rolls out and learns from it once. Faults: `RL_DIVERGED`.
   *
   * @param rate of Adam in this iteration, for those who let it fall; the option when absent
   */
  iterate(rate?: number): IterationReport
  /** What the policy does without noise, decoded; `states` row-major of the environments' width. */
  readonly act: (states: Float32Array, count: number) => Float64Array
  /** Weights of the policy's network: `w0`, `b0` and so on. */
  weights(): NetWeights
  /** Policy, value, z, lambda, optimiser, environments and the place in the stream of random numbers (RL-08). */
  save(): Saved
  /** Goes on bit for bit. Faults: `MODEL_STATE_INVALID`. */
  load(saved: Saved): void
}

type SavedPpo = Saved & {
  readonly widths: readonly number[]
  readonly iteration: number
  readonly actor: DenseState
  readonly critic: DenseState
  readonly tail: CvarState | null
  readonly environments: readonly Saved[]
  readonly states: readonly number[]
  readonly gains: readonly number[]
}

/** Gains of the first policy's and value function's last layers. */
const LAST_GAIN = { actor: 0.01, critic: 1 }

function shuffled(count: number, rng: Rng): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const other = rng.int(i + 1)
    const kept = order[i]!
    order[i] = order[other]!
    order[other] = kept
  }
  return order
}

/**
 * PPO (Schulman et al. 2017) with generalised advantages (Schulman et al. 2016) under a limit on CVaR (Rockafellar and Uryasev 2000;
 * the Lagrangian after Chow et al. 2017, Risk-constrained reinforcement learning with percentile risk criteria). The state must hold what
 * the episode has gained so far, or the price of the tail is not a function of the state.
 *
 * Equal environments, options and seed give equal weights bit for bit. Faults: `RL_OPTIONS`.
 *
 * @example
 * const learner = cvarPpo({ policy: categoricalPolicy([0, 1]), environments, rng: seededRng(7) })
 * for (let i = 0; i < 100; i++) learner.iterate()
 * learner.act(state, 1)[0] // the size that it has learnt to be best
 */
export function cvarPpo({ policy, environments, rng, options: given = {}, crew }: CvarPpoInput): CvarPpo {
  const options = { ...PPO_DEFAULTS, ...given }
  const { hidden, horizon, gamma, lambda, epochs, batch, targetKl } = options
  checkPpoOptions(options, environments.length)
  const width = environments[0]!.width
  const n = environments.length
  const widths = [width, ...hidden, policy.outputs]
  const valueWidths = [width, ...hidden, 1]
  const rows = Math.max(batch, n)
  const actor = denseNet({ widths, rows, free: policy.free })
  const shape = { widths: valueWidths, rows }
  const critic = denseNet(shape)
  drawWeights(actor, { widths, lastGain: LAST_GAIN.actor, bias: policy.start.bias }, rng.fork('policy'))
  drawWeights(critic, { widths: valueWidths, lastGain: LAST_GAIN.critic }, rng.fork('value'))
  actor.free.set(policy.start.free)
  const tail = options.cvar === undefined ? undefined : cvarMultiplier(options.cvar)

  const stride = actor.inputStride
  const standing = { states: new Float32Array(n * stride), gains: new Float64Array(n) }
  for (const [e, environment] of environments.entries()) {
    environment.reset(standing.states.subarray(e * stride, (e + 1) * stride))
  }
  let iteration = 0

  return {
    get iteration() {
      return iteration
    },
    iterate(rate = options.rate) {
      // Streams are named by the iteration, so a checkpoint needs its number and no more.
      const chance = rng.fork(`iteration ${iteration}`)
      const paths = { policy, actor, critic, environments, standing, horizon, gamma, lambda, tail }
      const told = rollOut({ ...paths, rng: chance.fork('actions') })
      const experience = { ...told, advantages: normalised(told.advantages) }
      const order = chance.fork('order')
      let report: PolicyReport = { loss: 0, divergence: 0, entropy: 0 }
      const own = { ...options, rate }
      const values = valuePart({ critic, shape, experience, options: own, crew })
      let valueLoss: number
      try {
        for (let epoch = 0; epoch < epochs; epoch++) {
          const rest = shuffled(horizon * n, order)
          values.epoch(rest)
          let [divergence, batches] = [0, 0]
          for (let from = 0; from < rest.length; from += batch) {
            report = policyGradient({ policy, actor }, experience, rest.subarray(from, from + batch), options)
            descend(actor, own)
            divergence += report.divergence
            batches++
          }
          if (divergence / batches > targetKl) break
        }
      } finally {
        valueLoss = values.finish()
      }
      const loss = report.loss + valueLoss
      if (!Number.isFinite(loss)) {
        throw new Fault('RL_DIVERGED', `the loss of iteration ${iteration} is not a finite number`, {
          place: 'cvarPpo',
          fix: 'lower the rate, or look for rewards that are not finite',
        })
      }
      tail?.update()
      iteration++
      const { gains } = experience
      return { ...report, loss, iteration, gains, multiplier: tail?.lambda ?? 0, cvar: tail?.cvar ?? Number.NaN }
    },
    act(states, count) {
      const actions = new Float64Array(count)
      for (let from = 0; from < count; from += rows) {
        const to = Math.min(count, from + rows)
        for (let row = from; row < to; row++) {
          actor.input.set(states.subarray(row * width, (row + 1) * width), (row - from) * stride)
        }
        actor.forward(to - from)
        for (let row = from; row < to; row++) actions[row] = policy.decode(policy.best(actor, row - from))
      }
      return actions
    },
    weights() {
      const layers = widths.slice(1).map((_, index) => actor.layer(index))
      return Object.fromEntries(
        layers.flatMap(({ weights, bias }, index) => [
          [`w${index}`, weights],
          [`b${index}`, bias],
        ]),
      )
    },
    save(): SavedPpo {
      return {
        kind: 'cvar_ppo',
        widths,
        iteration,
        actor: actor.save(),
        critic: critic.save(),
        tail: tail?.save() ?? null,
        environments: environments.map(environment => environment.save()),
        states: [...standing.states],
        gains: [...standing.gains],
      }
    },
    load(saved) {
      const state = saved as SavedPpo
      const fits = state.kind === 'cvar_ppo' && String(state.widths) === String(widths)
      if (!fits || state.environments?.length !== n || (state.tail === null) !== (tail === undefined)) {
        throw new Fault(
          'MODEL_STATE_INVALID',
          `this is no checkpoint of a policy of shape ${widths.join('-')} in ${n} environments`,
        )
      }
      iteration = state.iteration
      actor.load(state.actor)
      critic.load(state.critic)
      if (state.tail !== null) tail?.load(state.tail)
      for (const [e, environment] of environments.entries()) environment.load(state.environments[e]!)
      standing.states.set(state.states)
      standing.gains.set(state.gains)
    },
  }
}
