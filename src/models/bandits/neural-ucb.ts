// Neural UCB: a trunk that all arms share learns what in a context matters, a Bayesian head an arm says what that is worth and how sure
// it is (UCB-01; the neural linear bandit of Riquelme, Tucker and Snoek 2018 with the bound of LinUCB).

import type { Rng } from '../../base/rng.ts'
import type { Bandit } from './bandit.ts'
import { trunkGraph } from './bandit-graph.ts'
import { gradientSpread } from './gradient-spread.ts'
import { type BanditOptions, headBandit } from './head-bandit.ts'
import { initialTrunk, type TrunkWidths, trunkFeatures } from './trunk.ts'
import { TRUNK_TRAINING, type TrunkTraining, trainTrunk } from './trunk-training.ts'

export type NeuralUcbOptions = BanditOptions & {
  /** Draws the first weights: equal ones give equal bandits. */
  readonly rng: Rng
  /** Widths of the trunk's layers; none is the identity, LinUCB. */
  readonly hidden?: readonly number[]
  /** Uncertainty of the last layer (`head`) or of every weight (`gradient`). */
  readonly uncertainty?: 'head' | 'gradient'
  readonly training?: Partial<TrunkTraining>
}

/**
 * @example
 * const bandit = neuralUcb({ arms: ['S2', 'S3'], width: 15, categories: [{ column: 14, size: 5 }], rng: seededRng(42) })
 * let state = await bandit.start(history, { engine, rng })
 * const { arm, confidence } = mostOptimistic(bandit.score(state, context))
 * state = bandit.learn(state, { arm, context, r: 1.4 })
 */
export function neuralUcb(options: NeuralUcbOptions): Bandit {
  const { rng, hidden = [64, 32], uncertainty = 'head', training } = options
  const settings = { ...TRUNK_TRAINING, ...training }
  return headBandit(options, inputs => {
    const size = hidden.at(-1)
    if (size === undefined) return { kind: 'neural_ucb', size: inputs, initialTrunk: {}, features: (_, x) => x }
    const widths: TrunkWidths = [inputs, ...hidden]
    const arms = options.arms.length
    const weights = { ...initialTrunk(widths, rng.fork('trunk')), out: new Float64Array(size * arms) }
    return {
      kind: 'neural_ucb',
      size,
      initialTrunk: Object.fromEntries(Object.entries(weights).map(([name, values]) => [name, [...values]])),
      features: (trunk, x) => trunkFeatures(trunk, widths, x),
      toGraph: (trunk, input, prefix) => trunkGraph(trunk, widths, input, prefix),
      train: (rows, trunk, context) => trainTrunk(rows, widths, arms, trunk, context, settings),
      ...(uncertainty === 'gradient' ? { gradients: gradientSpread(widths) } : {}),
    }
  })
}
