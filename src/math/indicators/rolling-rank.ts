// Where the newest value stands among the last n. The window is kept sorted, so a bar costs two binary searches and one short shift.

import type { Ring } from './ring.ts'
import { push, ring } from './ring.ts'

export type RankState = { window: Ring; sorted: number[] }

export interface RollingRank {
  init(): RankState
  /** Share of the other values in the window below `x`, ties counted half: 0 to 1; 0.5 for the first value. */
  update(state: RankState, x: number): number
}

/** First index whose value is not below `x`. */
function lowerBound(sorted: readonly number[], x: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < x) low = middle + 1
    else high = middle
  }
  return low
}

/** First index after `from` whose value is above `x`, which stands at `from`. Runs are mostly of one, so it steps before it leaps. */
function runEnd(sorted: readonly number[], from: number, x: number): number {
  let low = from + 1
  if (low === sorted.length || sorted[low]! > x) return low
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! > x) high = middle
    else low = middle + 1
  }
  return low
}

/** Puts `x` in the place of the value at `from`, moving only what stands between the two; gives how many values are below `x`. */
function replaceSorted(sorted: number[], from: number, x: number): number {
  const bound = lowerBound(sorted, x)
  // The value that leaves stood below x: everything above it moves down by one.
  const to = bound > from ? bound - 1 : bound
  for (let i = from; i < to; i++) sorted[i] = sorted[i + 1]!
  for (let i = from; i > to; i--) sorted[i] = sorted[i - 1]!
  sorted[to] = x
  return to
}

/**
 * @param size values in the window, the newest included. Values are finite.
 * @example
 * const rank = rollingRank(3)
 * const state = rank.init()
 * ;[1, 3, 2].map(x => rank.update(state, x)) // [0.5, 1, 0.5]
 */
export function rollingRank(size: number): RollingRank {
  return {
    init: () => ({ window: ring(), sorted: [] }),
    update({ window, sorted }, x) {
      const dropped = push(window, size, x)
      // While the window fills, x takes the place of a value that does not exist: the one behind the last.
      const from = dropped === undefined ? sorted.length : lowerBound(sorted, dropped)
      if (dropped === undefined) sorted.push(Number.MAX_VALUE)
      const below = replaceSorted(sorted, from, x)
      const ties = runEnd(sorted, below, x) - below - 1
      return sorted.length === 1 ? 0.5 : (below + ties / 2) / (sorted.length - 1)
    },
  }
}
