// How much each parameter matters: Sobol's total effect, the share of the variance that goes away where the parameter is known, by the
// estimator of Jansen (1999) on the Gaussian process of all trials (the functional analysis of variance of Hutter and others 2014, on
// another surrogate).

import type { Rng } from '../../base/rng.ts'
import { variance } from '../../math/statistics.ts'
import { namesOf, type Space } from './space.ts'
import { fitSurrogate } from './surrogate.ts'
import { observed, type Trial } from './trial.ts'

const SAMPLES = 512
/** Fewer trials tell nothing about a surface. */
const LEAST = 10

/** @returns parameter -> total effect, 0 to about 1; empty below 10 trials and where all came to the same */
export function importanceOf(space: Space, trials: readonly Trial[], rng: Rng): Record<string, number> {
  const known = observed(trials)
  const names = namesOf(space)
  if (known.length < LEAST || known.every(({ value }) => value === known[0]!.value)) return {}
  const surrogate = fitSurrogate(known)
  const draw = () => Array.from({ length: SAMPLES }, () => names.map(() => rng.next()))
  const [first, second] = [draw(), draw()]
  const base = first.map(unit => surrogate.at(unit).mean)
  const spread = variance(base)
  if (!(spread > 0)) return {}
  return Object.fromEntries(
    names.map((name, at) => {
      const squares = first.reduce((sum, unit, i) => {
        return sum + (base[i]! - surrogate.at(unit.with(at, second[i]![at]!)).mean) ** 2
      }, 0)
      return [name, squares / (2 * SAMPLES * spread)]
    }),
  )
}
