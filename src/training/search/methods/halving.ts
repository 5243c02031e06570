// Successive halving (Jamieson and Talwalkar 2016): many configurations at a small share of the effort; the best third goes on with three
// times as much, until what is left is tried in full.

import { nextNumbers, type SearchMethod, uniform } from '../method.ts'

const KEEP = 3

/**
 * Sizes of the rounds, first to last: as many configurations as the trials afford, and the last round in full.
 *
 * @example roundsOf(50) // [35, 11, 3, 1]
 */
export function roundsOf(limit: number): number[] {
  const from = (first: number): number[] => {
    const sizes = [first]
    while (sizes.at(-1)! >= KEEP) sizes.push(Math.floor(sizes.at(-1)! / KEEP))
    return sizes
  }
  let first = Math.max(1, limit)
  while (first > 1 && from(first).reduce((sum, size) => sum + size, 0) > limit) first--
  return from(first)
}

export const halving: SearchMethod = {
  name: 'halving',
  stopsEarly: false,
  propose(ask) {
    const rounds = roundsOf(ask.limit)
    const effort = (round: number): number => KEEP ** (round - rounds.length + 1)
    let from = 0
    for (const [round, size] of rounds.entries()) {
      if (ask.trials.length === from) {
        if (round === 0) {
          return nextNumbers(ask, size).map(number => ({ unit: uniform(ask, number), resource: effort(0) }))
        }
        const last = ask.trials.slice(from - rounds[round - 1]!, from)
        return last
          .filter(({ value }) => value !== null)
          .sort((a, b) => b.value! - a.value! || a.number - b.number)
          .slice(0, size)
          .map(({ unit }) => ({ unit, resource: effort(round) }))
      }
      from += size
    }
    return []
  },
}
