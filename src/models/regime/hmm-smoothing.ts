// States with hindsight: smoothed chances and the likeliest path. For fitting and for reports; no decision may see them.

import type { Filtered } from './hmm-forward.ts'
import { type Emission, logDensity } from './hmm-parameters.ts'

/**
 * The chance of each state given the whole sequence (Kim 1994, eq. 2.20): the filter run backwards, so that nothing has to be scaled.
 *
 * @param counts where given, the expected number of moves from state to state is added to it
 * @returns `rows * states`
 */
export function smoothed(
  { parameters }: Emission,
  { filtered, predicted }: Filtered,
  counts?: Float64Array,
): Float64Array {
  const { states, transition } = parameters
  const result = filtered.slice()
  const ratio = new Float64Array(states)
  for (let row = filtered.length / states - 2; row >= 0; row--) {
    const [here, next] = [row * states, (row + 1) * states]
    for (let to = 0; to < states; to++) {
      const before = predicted[next + to]!
      ratio[to] = before > 0 ? result[next + to]! / before : 0
    }
    for (let from = 0; from < states; from++) {
      const chance = filtered[here + from]!
      let sum = 0
      for (let to = 0; to < states; to++) {
        const moved = chance * transition[from * states + to]! * ratio[to]!
        sum += moved
        if (counts !== undefined) counts[from * states + to]! += moved
      }
      result[here + from] = sum
    }
  }
  return result
}

/** The single likeliest sequence of states (Viterbi 1967), of equal ones that of the lower states. */
export function likeliestPath(emission: Emission, rows: Float64Array): Int32Array {
  const { states, width, initial, transition } = emission.parameters
  const count = rows.length / width
  const path = new Int32Array(count)
  if (count === 0) return path
  const cameFrom = new Int32Array(count * states)
  let best = Float64Array.from(initial, (chance, state) => Math.log(chance) + logDensity(emission, state, rows, 0))
  const logMove = transition.map(Math.log)
  for (let row = 1; row < count; row++) {
    const next = new Float64Array(states).fill(-Infinity)
    for (let to = 0; to < states; to++) {
      let from = 0
      for (let state = 0; state < states; state++) {
        const weight = best[state]! + logMove[state * states + to]!
        if (weight > next[to]!) {
          next[to] = weight
          from = state
        }
      }
      cameFrom[row * states + to] = from
      next[to]! += logDensity(emission, to, rows, row * width)
    }
    best = next
  }
  path[count - 1] = best.indexOf(Math.max(...best))
  for (let row = count - 1; row > 0; row--) path[row - 1] = cameFrom[row * states + path[row]!]!
  return path
}
