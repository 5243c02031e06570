// Tree-structured Parzen estimator (Bergstra, Bardenet, Bengio and Kegl 2011, section 4): draw where good trials are dense, keep the draw
// at which they are densest compared with the others.

import type { Rng } from '../../../base/rng.ts'
import { normalCdf, normalDensity } from '../../../math/normal.ts'
import { atFullEffort, nextNumbers, type SearchMethod, uniform } from '../method.ts'
import type { Dimension } from '../space.ts'
import { observed } from '../trial.ts'

/** Trials drawn at random before there is anything to learn from. */
const STARTUP = 10
/** Share of the trials that counts as good. */
const GOOD = 0.15
/** Draws of which the best is kept. */
const DRAWS = 24

interface Density {
  draw(rng: Rng): number
  /** Of a place in the unit interval. */
  at(unit: number): number
}

/** Counts with one more each, so that no value is ruled out. */
function categorical(values: number, units: readonly number[]): Density {
  const place = (unit: number): number => Math.min(values - 1, Math.floor(unit * values))
  const weights = Array.from({ length: values }, () => 1)
  for (const unit of units) weights[place(unit)]!++
  const total = units.length + values
  return {
    draw(rng) {
      let left = rng.next() * total
      const chosen = weights.findIndex(weight => (left -= weight) < 0)
      return ((chosen < 0 ? values - 1 : chosen) + 0.5) / values
    },
    at: unit => weights[place(unit)]! / total,
  }
}

/** A normal density at each place, as wide as the gap to its farther neighbour, and one broad density that stands for not knowing. */
function parzen(units: readonly number[]): Density {
  const rising = [...units].sort((a, b) => a - b)
  const narrowest = 1 / Math.min(100, rising.length + 2)
  const kernels = rising.map((center, at) => {
    const gap = Math.max(center - (rising[at - 1] ?? 0), (rising[at + 1] ?? 1) - center)
    return { center, width: Math.min(1, Math.max(narrowest, gap)) }
  })
  kernels.push({ center: 0.5, width: 1 })
  // Each is cut at the ends of the interval and scaled up to hold its whole mass.
  const parts = kernels.map(({ center, width }) => {
    const mass = normalCdf((1 - center) / width) - normalCdf(-center / width)
    return { center, width, scale: 1 / (mass * width * kernels.length) }
  })
  return {
    draw(rng) {
      const { center, width } = parts[rng.int(parts.length)]!
      for (;;) {
        const unit = center + width * rng.normal()
        if (unit >= 0 && unit < 1) return unit
      }
    },
    at: unit =>
      parts.reduce((sum, { center, width, scale }) => sum + scale * normalDensity((unit - center) / width), 0),
  }
}

const densityOf = (dimension: Dimension, units: readonly number[]): Density =>
  dimension.kind === 'choice' ? categorical(dimension.of.length, units) : parzen(units)

export const tpe: SearchMethod = {
  name: 'tpe',
  stopsEarly: true,
  propose(ask) {
    const known = observed(ask.trials).sort((a, b) => b.value - a.value)
    const split = Math.max(2, Math.ceil(GOOD * known.length))
    const places = (at: number, good: boolean): number[] =>
      (good ? known.slice(0, split) : known.slice(split)).map(({ unit }) => unit[at]!)
    const densities = Object.values(ask.space).map((dimension, at) => ({
      good: densityOf(dimension, places(at, true)),
      rest: densityOf(dimension, places(at, false)),
    }))
    return nextNumbers(ask).map(number => {
      if (known.length < STARTUP) return atFullEffort(uniform(ask, number))
      const rng = ask.rng.fork(`trial ${number}`)
      const unit = densities.map(({ good, rest }) => {
        let best = 0
        let most = -Infinity
        for (let draw = 0; draw < DRAWS; draw++) {
          const place = good.draw(rng)
          const gain = Math.log(good.at(place)) - Math.log(rest.at(place))
          if (gain <= most) continue
          most = gain
          best = place
        }
        return best
      })
      return atFullEffort(unit)
    })
  },
}
