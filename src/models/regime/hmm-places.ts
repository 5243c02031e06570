// The order of a fit's states and what they are called: as in the model before where they are the same, else by the rules (REG-02).

import { type FittedHmm, fittedHmm, type HmmParts } from './fitted-hmm.ts'
import { bestMatch, hellinger } from './hmm-match.ts'
import { hmmRegimeOf } from './hmm-names.ts'
import type { HmmParameters } from './hmm-parameters.ts'
import type { HmmRegime } from './row-regime.ts'

/** States farther apart than this have too little in common to be called the same. */
const FURTHEST = 0.9

type Unnamed = Omit<HmmParts, 'names'>

/** @param order for each new place the old one */
function reordered(parameters: HmmParameters, order: readonly number[]): HmmParameters {
  const { states, width, initial, transition, means, covariances } = parameters
  const pick = (from: Float64Array, size: number): Float64Array =>
    Float64Array.from({ length: states * size }, (_, i) => from[order[Math.floor(i / size)]! * size + (i % size)]!)
  return {
    states,
    width,
    initial: pick(initial, 1),
    transition: Float64Array.from(
      { length: states * states },
      (_, i) => transition[order[Math.floor(i / states)]! * states + order[i % states]!]!,
    ),
    means: pick(means, width),
    covariances: pick(covariances, width * width),
  }
}

function namesByRule({ parameters: { states, width, means }, columns, scale }: Unnamed): HmmRegime[] {
  const [volatility, trend] = [columns.indexOf('volatility'), columns.indexOf('trendStrength')]
  const raw = (state: number, c: number): number => scale.center[c]! + scale.deviation[c]! * means[state * width + c]!
  return Array.from({ length: states }, (_, state) => hmmRegimeOf(raw(state, volatility), raw(state, trend)))
}

/** Without a model before: by rising mean of the first column, so that equal fits from other starts look the same. */
export function placed(parts: Unnamed, previous?: FittedHmm): FittedHmm {
  const { states, width, means } = parts.parameters
  const first = Array.from({ length: states }, (_, state) => state).sort(
    (a, b) => means[a * width]! - means[b * width]!,
  )
  const fresh = { ...parts, parameters: reordered(parts.parameters, first) }
  const names = namesByRule(fresh)
  const unmatched = fittedHmm({ ...fresh, names })
  if (previous?.columns.join() !== parts.columns.join()) return unmatched

  const distances = unmatched.gaussians.map(state => previous.gaussians.map(old => hellinger(state, old)))
  const match = bestMatch(distances)
  const isKept = (state: number): boolean => match[state]! >= 0 && distances[state]![match[state]!]! <= FURTHEST
  const place = (state: number): number => (isKept(state) ? match[state]! : previous.names.length + state)
  const order = names.map((_, state) => state).sort((a, b) => place(a) - place(b))
  return fittedHmm({
    ...fresh,
    parameters: reordered(fresh.parameters, order),
    names: order.map(state => (isKept(state) ? previous.names[match[state]!]! : names[state]!)),
  })
}
