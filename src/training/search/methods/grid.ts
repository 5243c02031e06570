// Grid search: every combination of evenly spread levels, as many levels a dimension as the number of trials affords.

import { atFullEffort, nextNumbers, type SearchMethod } from '../method.ts'
import { levelsOf, type Space, sizeOf } from '../space.ts'

/** Levels of each dimension, raised in turn while the grid still fits. */
function affordable(space: Space, limit: number): number[] {
  const dimensions = Object.values(space)
  const levels = dimensions.map(() => 1)
  const product = (): number => levels.reduce((all, own) => all * own, 1)
  for (let raised = true; raised; ) {
    raised = false
    for (const [at, dimension] of dimensions.entries()) {
      if (levels[at]! >= sizeOf(dimension) || (product() / levels[at]!) * (levels[at]! + 1) > limit) continue
      levels[at]!++
      raised = true
    }
  }
  return levels
}

export const grid: SearchMethod = {
  name: 'grid',
  stopsEarly: false,
  propose(ask) {
    const counts = affordable(ask.space, ask.limit)
    const places = Object.values(ask.space).map((dimension, at) => levelsOf(dimension, counts[at]!))
    const size = places.reduce((all, { length }) => all * length, 1)
    return nextNumbers(ask)
      .filter(number => number <= size)
      .map(number => {
        let rest = number - 1
        const unit = places.map(own => {
          const place = own[rest % own.length]!
          rest = Math.floor(rest / own.length)
          return place
        })
        return atFullEffort(unit)
      })
  },
}
