// Fills as marks on the chart: where, which way, and in words what it was, so that no mark speaks by colour alone.

import type { ChartBar } from '../live/picture.ts'

export type Fill = {
  readonly tradeId: string
  readonly decisionId: string
  readonly at: number
  readonly side: 1 | -1
  readonly quantity: number
  readonly role: 'entry' | 'stop' | 'target' | 'exit'
  readonly price: number
}

export type Mark = {
  readonly tradeId: string
  /** Position of its bar in the list. */
  readonly position: number
  readonly above: boolean
  readonly shape: 'arrowUp' | 'arrowDown' | 'square' | 'circle'
  readonly words: string
  readonly role: Fill['role']
}

const SHAPE: Readonly<Record<Exclude<Fill['role'], 'entry'>, Mark['shape']>> = {
  stop: 'square',
  target: 'circle',
  exit: 'circle',
}

/** The first bar that is complete at `at` or later: the one in which it happened; -1 beyond the last. */
export function positionAt(bars: readonly ChartBar[], at: number): number {
  let low = 0
  let high = bars.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (bars[middle]!.knownAt < at) low = middle + 1
    else high = middle
  }
  return low < bars.length ? low : -1
}

/** Marks in order of time; fills before the first bar or after the last have none. */
export function marksOf(bars: readonly ChartBar[], fills: Iterable<Fill>): Mark[] {
  const first = bars[0]?.time ?? Number.POSITIVE_INFINITY
  return [...fills]
    .filter(({ at }) => at >= first)
    .map(fill => ({ fill, position: positionAt(bars, fill.at) }))
    .filter(({ position }) => position >= 0)
    .map(({ fill, position }) => markOf(fill, position))
    .sort((a, b) => a.position - b.position)
}

function markOf({ tradeId, side, quantity, role }: Fill, position: number): Mark {
  const buys = side === 1
  const shape = role === 'entry' ? (buys ? 'arrowUp' : 'arrowDown') : SHAPE[role]
  const words = role === 'entry' ? `${buys ? 'long' : 'short'} ${quantity}` : role
  return { tradeId, position, above: !buys, shape, words, role }
}
