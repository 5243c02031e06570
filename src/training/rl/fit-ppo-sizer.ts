// A sizer fitted by CVaR-PPO: many accounts go through the trades side by side, and the weights that did best on newer trades are kept.

import { Fault } from '../../base/fault.ts'
import type { Rng } from '../../base/rng.ts'
import type { Crew } from '../../models/crew.ts'
import type { Saved } from '../../models/model.ts'
import { cvarPpo } from '../../models/rl/cvar-ppo.ts'
import { type FittedSizer, fittedSizer } from '../../models/rl/fitted-sizer.ts'
import { gaussianPolicy } from '../../models/rl/gaussian-policy.ts'
import { PPO_DEFAULTS, type PpoOptions } from '../../models/rl/ppo-options.ts'
import type { Watch } from '../../models/watch.ts'
import { type SizerMarket, sessionStarts, sizerEnvironment } from './sizer-environment.ts'

export type PpoSizerOptions = PpoOptions & {
  readonly environments: number
  /** Environment steps in all. */
  readonly steps: number
  /** Iterations between two looks at the validation trades. */
  readonly checkEvery: number
  /** How much better the mean session must be to count as better (RL-08). */
  readonly leastGain: number
}

export const PPO_SIZER_DEFAULTS: PpoSizerOptions = Object.freeze({
  ...PPO_DEFAULTS,
  environments: 16,
  steps: 200_000,
  checkEvery: 5,
  leastGain: 0.01,
})

/** Mean reward of a session when every trade gets the size without noise. */
export function meanSession(
  market: SizerMarket,
  act: (states: Float32Array, count: number) => ArrayLike<number>,
): number {
  const environment = sizerEnvironment(market, 0)
  const sessions = sessionStarts(market).length
  const state = new Float32Array(environment.width)
  let total = 0
  for (let session = 0; session < sessions; session++) {
    environment.reset(state)
    for (let going = true; going; ) {
      const { reward, ending } = environment.step(act(state, 1)[0]!, state)
      total += reward
      going = ending === 'none'
    }
  }
  return total / sessions
}

export type PpoSizerFit = {
  readonly training: SizerMarket
  /** Newer trades that decide which weights are kept. */
  readonly validation: SizerMarket
  readonly rng: Rng
  readonly options?: Partial<PpoSizerOptions>
  /** `validation` is the mean session with the sign turned, so that lower is better as in every curve. */
  readonly watch?: Watch | undefined
  /** Threads that help; the weights do not depend on them. */
  readonly crew?: Crew | undefined
}

/**
 * The size is the policy's mean, without noise (RL-01). Equal trades, options and seed give equal weights bit for bit.
 *
 * Faults: `TOO_FEW_ROWS`, `RL_OPTIONS`, `RL_DIVERGED`.
 *
 * @returns the sizer, and the checkpoint it was taken from
 */
export function fitPpoSizer({ training, validation, rng, options: given = {}, watch, crew }: PpoSizerFit): {
  readonly sizer: FittedSizer
  readonly checkpoint: Saved
} {
  const options = { ...PPO_SIZER_DEFAULTS, ...given }
  const starts = sessionStarts(training)
  if (starts.length === 0 || validation.r.length === 0) {
    throw new Fault('TOO_FEW_ROWS', 'there is no session of trades to learn sizes from, or none to judge them by')
  }
  const environments = Array.from({ length: options.environments }, (_, e) =>
    sizerEnvironment(training, starts[Math.floor((e * starts.length) / options.environments)]!),
  )
  const learner = cvarPpo({ policy: gaussianPolicy(), environments, rng, options, crew })
  const widths = [environments[0]!.width, ...options.hidden, 1]
  const judge = (): number => meanSession(validation, learner.act)
  let best = { value: judge(), weights: learner.weights(), checkpoint: learner.save() }
  watch?.({ curve: 'validation', x: 0, y: -best.value })
  const iterations = Math.floor(options.steps / (options.horizon * options.environments))
  for (let iteration = 1; iteration <= iterations; iteration++) {
    const { loss } = learner.iterate()
    if (iteration % options.checkEvery !== 0 && iteration !== iterations) continue
    const value = judge()
    watch?.({ curve: 'train', x: iteration, y: loss })
    watch?.({ curve: 'validation', x: iteration, y: -value })
    if (value > best.value + options.leastGain) best = { value, weights: learner.weights(), checkpoint: learner.save() }
  }
  return { sizer: fittedSizer(best.weights, widths), checkpoint: best.checkpoint }
}
