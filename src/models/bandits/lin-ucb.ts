// LinUCB (Li, Chu, Langford and Schapire 2010, algorithm 1): a linear model an arm on the context itself. Needs no training, so it is
// what the brain falls back to.

import type { Bandit } from './bandit.ts'
import { type BanditOptions, headBandit } from './head-bandit.ts'

/**
 * @example
 * const bandit = linUcb({ arms: ['S2', 'S3'], width: 2, noise: 1 })
 * const state = bandit.learn(bandit.init(), { arm: 'S2', context: [1, 0], r: 1 })
 * mostOptimistic(bandit.score(state, [1, 0])).arm // 'S2'
 */
export function linUcb(options: BanditOptions): Bandit {
  return headBandit(options, size => ({ kind: 'linucb', size, initialTrunk: {}, features: (_, x) => x }))
}
