// Bayesian optimisation: the place with the largest expected improvement under a Gaussian process (Jones, Schonlau and Welch 1998). Within a
// batch the process believes its own mean of what is still being tried (Ginsbourger, Le Riche and Carraro 2010, kriging believer).

import type { Rng } from '../../../base/rng.ts'
import { normalCdf, normalDensity } from '../../../math/normal.ts'
import { atFullEffort, nextNumbers, type SearchMethod, uniform } from '../method.ts'
import { fitSurrogate, type Surrogate } from '../surrogate.ts'
import { observed } from '../trial.ts'

const STARTUP = 8
/** Places looked at across the cube, and steps from the best of them, smaller and smaller. */
const SPREAD = 400
const NEAR = 120

function expectedImprovement(surrogate: Surrogate, unit: readonly number[], best: number): number {
  const { mean, sd } = surrogate.at(unit)
  if (sd === 0) return Math.max(0, mean - best)
  const z = (mean - best) / sd
  return (mean - best) * normalCdf(z) + sd * normalDensity(z)
}

function climb(
  dimensions: number,
  best: readonly number[],
  score: (unit: readonly number[]) => number,
  rng: Rng,
): number[] {
  let top = [...best]
  let most = score(top)
  const attempt = (unit: number[]): void => {
    const found = score(unit)
    if (found <= most) return
    most = found
    top = unit
  }
  for (let i = 0; i < SPREAD; i++) attempt(Array.from({ length: dimensions }, () => rng.next()))
  for (let i = 0; i < NEAR; i++) {
    const step = 0.2 * 0.96 ** i
    attempt(top.map(place => Math.min(1, Math.max(0, place + step * rng.normal()))))
  }
  return top
}

export const gaussianProcess: SearchMethod = {
  name: 'gp',
  stopsEarly: true,
  propose(ask) {
    const known = observed(ask.trials)
    const numbers = nextNumbers(ask)
    if (known.length < STARTUP) return numbers.map(number => atFullEffort(uniform(ask, number)))
    const top = known.reduce((best, one) => (one.value > best.value ? one : best))
    const dimensions = top.unit.length
    let surrogate = fitSurrogate(known)
    return numbers.map(number => {
      const score = (unit: readonly number[]) => expectedImprovement(surrogate, unit, top.value)
      const unit = climb(dimensions, top.unit, score, ask.rng.fork(`trial ${number}`))
      surrogate = surrogate.with([{ unit, value: surrogate.at(unit).mean }])
      return atFullEffort(unit)
    })
  },
}
