// Where the nodes of a tree ensemble lie in its columns, by tree and node id.

import type { Fault } from '../base/fault.ts'

export type TreeIndex = {
  /** First node of each tree. */
  readonly roots: readonly number[]
  /** Faults when there is no such node. */
  find(tree: number, id: number): number
}

type Span = {
  readonly start: number
  readonly size: number
  /** Undefined where the ids count up from 0, as nearly every exporter writes them. */
  readonly positions: ReadonlyMap<number, number> | undefined
}

/** Faults, made by `broken`: a tree whose nodes do not lie together, ids that are given twice, no tree at all. */
export function treeIndex(
  treeIds: readonly number[],
  nodeIds: readonly number[],
  broken: (sentence: string) => Fault,
): TreeIndex {
  const spans = new Map<number, Span>()
  for (let start = 0; start < treeIds.length; ) {
    const tree = treeIds[start]!
    let end = start + 1
    while (end < treeIds.length && treeIds[end] === tree) end++
    if (spans.has(tree)) throw broken(`the nodes of tree ${tree} do not lie together`)
    spans.set(tree, { start, size: end - start, positions: positionsOf(nodeIds, start, end, broken) })
    start = end
  }
  if (spans.size === 0) throw broken('there are no trees')
  return {
    roots: [...spans.values()].map(({ start }) => start),
    find(tree, id) {
      const span = spans.get(tree)
      const position = span?.positions === undefined ? id : span.positions.get(id)
      if (span === undefined || position === undefined || position < 0 || position >= span.size) {
        throw broken(`node ${id} of tree ${tree} does not exist`)
      }
      return span.start + position
    },
  }
}

function positionsOf(
  nodeIds: readonly number[],
  start: number,
  end: number,
  broken: (sentence: string) => Fault,
): Span['positions'] {
  let counting = true
  for (let n = start; n < end; n++) counting &&= nodeIds[n] === n - start
  if (counting) return undefined
  const positions = new Map<number, number>()
  for (let n = start; n < end; n++) {
    if (positions.has(nodeIds[n]!)) throw broken(`node id ${nodeIds[n]} is given twice in one tree`)
    positions.set(nodeIds[n]!, n - start)
  }
  return positions
}
