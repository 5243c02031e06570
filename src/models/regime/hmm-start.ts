// Where a fit of a hidden Markov model sets out from: clusters of rows by k-means++ (Arthur and Vassilvitskii 2007).

import type { Rng } from '../../base/rng.ts'
import { floorEigenvalues } from '../../math/symmetric-eigen.ts'
import type { HmmParameters } from './hmm-parameters.ts'

const ROUNDS = 10
/** Chance to stay: regimes last. The fit moves it to what the rows say. */
const STAY = 0.9

const distance = (rows: Float64Array, at: number, centres: Float64Array, from: number, width: number): number => {
  let sum = 0
  for (let c = 0; c < width; c++) sum += (rows[at + c]! - centres[from + c]!) ** 2
  return sum
}

/** Rows far from every centre so far are likelier to become the next one. */
function seeds(rows: Float64Array, width: number, states: number, rng: Rng): Float64Array {
  const count = rows.length / width
  const centres = new Float64Array(states * width)
  const nearest = new Float64Array(count).fill(Infinity)
  let chosen = rng.int(count)
  for (let state = 0; state < states; state++) {
    centres.set(rows.subarray(chosen * width, (chosen + 1) * width), state * width)
    let total = 0
    for (let row = 0; row < count; row++) {
      nearest[row] = Math.min(nearest[row]!, distance(rows, row * width, centres, state * width, width))
      total += nearest[row]!
    }
    let place = rng.next() * total
    chosen = 0
    while (chosen < count - 1 && place >= nearest[chosen]!) place -= nearest[chosen++]!
  }
  return centres
}

/** Gives each row its nearest centre and each centre the mean of its rows. */
function clusters(rows: Float64Array, width: number, centres: Float64Array): Int32Array {
  const count = rows.length / width
  const states = centres.length / width
  const owner = new Int32Array(count)
  for (let round = 0; round < ROUNDS; round++) {
    for (let row = 0; row < count; row++) {
      let best = Infinity
      for (let state = 0; state < states; state++) {
        const far = distance(rows, row * width, centres, state * width, width)
        if (far < best) {
          best = far
          owner[row] = state
        }
      }
    }
    const sums = new Float64Array(centres.length)
    const sizes = new Float64Array(states)
    for (let row = 0; row < count; row++) {
      sizes[owner[row]!]!++
      for (let c = 0; c < width; c++) sums[owner[row]! * width + c]! += rows[row * width + c]!
    }
    for (let i = 0; i < centres.length; i++) {
      const size = sizes[Math.floor(i / width)]!
      if (size > 0) centres[i] = sums[i]! / size
    }
  }
  return owner
}

/**
 * @param rows all sequences one after the other, about unit variance
 */
export function startingPoint(
  rows: Float64Array,
  width: number,
  states: number,
  floor: number,
  rng: Rng,
): HmmParameters {
  const means = seeds(rows, width, states, rng)
  const owner = clusters(rows, width, means)
  const square = width * width
  const covariances = new Float64Array(states * square)
  for (let state = 0; state < states; state++) {
    // One row's worth of unit variance keeps a small cluster from being a spike.
    const covariance = Float64Array.from({ length: square }, (_, i) => (i % (width + 1) === 0 ? 1 : 0))
    let size = 1
    for (let row = 0; row < owner.length; row++) {
      if (owner[row] !== state) continue
      size++
      for (let c = 0; c < width; c++) {
        const left = rows[row * width + c]! - means[state * width + c]!
        for (let k = 0; k < width; k++) {
          covariance[c * width + k]! += left * (rows[row * width + k]! - means[state * width + k]!)
        }
      }
    }
    covariances.set(
      floorEigenvalues(
        covariance.map(sum => sum / size),
        width,
        floor,
      ),
      state * square,
    )
  }
  const leave = states === 1 ? 0 : (1 - STAY) / (states - 1)
  return {
    states,
    width,
    initial: new Float64Array(states).fill(1 / states),
    transition: Float64Array.from({ length: states * states }, (_, i) =>
      i % (states + 1) === 0 ? 1 - leave * (states - 1) : leave,
    ),
    means,
    covariances,
  }
}
