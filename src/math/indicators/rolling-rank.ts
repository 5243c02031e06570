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

function insert(sorted: number[], at: number, x: number): void {
  sorted.push(x)
  for (let i = sorted.length - 1; i > at; i--) sorted[i] = sorted[i - 1]!
  sorted[at] = x
}

/** Moves what stands between the place of the old value and that of the new one by a step. */
function replace(sorted: number[], oldAt: number, x: number): void {
  let place = oldAt
  while (place + 1 < sorted.length && sorted[place + 1]! < x) {
    sorted[place] = sorted[place + 1]!
    place++
  }
  while (place > 0 && sorted[place - 1]! > x) {
    sorted[place] = sorted[place - 1]!
    place--
  }
  sorted[place] = x
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
      if (dropped === undefined) insert(sorted, lowerBound(sorted, x), x)
      else replace(sorted, lowerBound(sorted, dropped), x)
      const below = lowerBound(sorted, x)
      let equal = 0
      while (sorted[below + equal] === x) equal++
      return sorted.length === 1 ? 0.5 : (below + (equal - 1) / 2) / (sorted.length - 1)
    },
  }
}
