// Which arm to take, given what each is worth: by optimism, or by chance for comparison. Optimism picks the arm, never the size.

import type { Rng } from '../../base/rng.ts'
import type { ArmScore } from './bandit.ts'

/** How many deviations of optimism: in paper and backtests, and live (BRN-07). */
export const OPTIMISM = Object.freeze({ paper: 0.3, live: 0.1 })

function best(scores: readonly ArmScore[], worth: (score: ArmScore) => number): ArmScore {
  const [first, ...rest] = scores
  if (first === undefined) throw new RangeError('there is no arm to choose from')
  return rest.reduce((leader, score) => (worth(score) > worth(leader) ? score : leader), first)
}

/**
 * The arm of the largest `mean + beta * deviation`; of equal ones the first.
 *
 * @param scores of the arms that are allowed
 */
export function mostOptimistic(scores: readonly ArmScore[], beta: number = OPTIMISM.paper): ArmScore {
  return best(scores, ({ mean, deviation }) => mean + beta * deviation)
}

/** Any arm with a chance of epsilon, else the one of the largest mean (Sutton and Barto, 2.2): what others are compared with. */
export function epsilonGreedy(scores: readonly ArmScore[], epsilon: number, rng: Rng): ArmScore {
  return rng.next() < epsilon ? scores[rng.int(scores.length)]! : best(scores, ({ mean }) => mean)
}
