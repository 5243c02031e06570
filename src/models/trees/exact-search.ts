// The best split of a node by trying every place between two values of its rows: what the histograms are held against (TREE-05).

import { radixOrder } from './radix-order.ts'
import { thresholdBetween } from './threshold.ts'
import type { ValueRows } from './value-rows.ts'
import type { Range, ValueSearch, ValueSplit, ValueSplitLimits } from './value-search.ts'
import { ROUNDING } from './value-search.ts'

export type RawRows = { readonly rows: Float32Array; readonly count: number; readonly width: number }

/** Nodes with at least this share of all rows are read off the order of all rows; smaller ones are sorted by it. */
const LARGE = 1 / 16

/** Thresholds lie between neighbours in the node, as in CART (Breiman et al. 1984). A tie keeps the earlier column and the lower value. */
export function exactSearch({ rows, count, width }: RawRows, own: ValueRows, limits: ValueSplitLimits): ValueSearch {
  const { l2, minLeafRows, minLeafWeight, minGain, monotone } = limits
  const { order, spare, gradients, curvatures } = own
  const sort = radixOrder(count)
  const values = Array.from({ length: width }, (_, c) =>
    Float32Array.from({ length: count }, (_, r) => rows[r * width + c]!),
  )
  const sorted = values.map(column => sort(column).slice())
  const places = sorted.map(list => {
    const place = new Uint32Array(count)
    for (let at = 0; at < count; at++) place[list[at]!] = at
    return place
  })
  const inNode = new Uint8Array(count)
  const curvatureOf = (row: number): number => (curvatures === undefined ? 1 : curvatures[row]!)
  const least = Math.max(1, minLeafRows)

  /** The node's rows in rising order of the column, missing ones last. */
  const ranked = (node: Int32Array, column: number): Uint32Array => {
    const all = sorted[column]!
    if (node.length >= LARGE * count) return all.filter(row => inNode[row] === 1)
    const place = places[column]!
    return Uint32Array.from(node, row => place[row]!)
      .sort()
      .map(at => all[at]!)
  }

  const sumOf = (list: Uint32Array | Int32Array) => {
    let [gradient, curvature] = [0, 0]
    for (const row of list) {
      gradient += gradients[row]!
      curvature += curvatureOf(row)
    }
    return { gradient, curvature }
  }

  return {
    fill: () => 0,
    subtract: () => undefined,
    release: () => undefined,
    best(_, { from, to }, columns) {
      const node = order.subarray(from, to)
      for (const row of node) inNode[row] = 1
      const { gradient, curvature } = sumOf(node)
      const score = gradient ** 2 / (curvature + l2)
      let most = Math.max(2 * minGain, score * ROUNDING)
      let best: ValueSplit | undefined
      for (const column of columns) {
        const list = ranked(node, column)
        const value = values[column]!
        const present = list.findIndex(row => Number.isNaN(value[row]!))
        const end = present < 0 ? list.length : present
        const missing = sumOf(list.subarray(end))
        const direction = monotone[column] ?? 0
        for (const missingLeft of end < list.length ? [0, 1] : [0]) {
          let [left, weight, count] = missingLeft ? [missing.gradient, missing.curvature, list.length - end] : [0, 0, 0]
          // After the last value a split divides what is there from what is missing.
          for (let at = 0; at < end && at + 1 < list.length; at++) {
            const row = list[at]!
            left += gradients[row]!
            weight += curvatureOf(row)
            count++
            const [lower, upper] = [value[row]!, at + 1 < end ? value[list[at + 1]!]! : Infinity]
            const right = gradient - left
            const other = curvature - weight
            if (lower === upper || count < least || list.length - count < least) continue
            if (weight < minLeafWeight || other < minLeafWeight) continue
            const gain = left ** 2 / (weight + l2) + right ** 2 / (other + l2) - score
            if (gain <= most || direction * (left * (other + l2) - right * (weight + l2)) < 0) continue
            most = gain
            best = { gain: gain / 2, column, threshold: thresholdBetween(lower, upper), bin: -1, missingLeft }
          }
        }
      }
      for (const row of node) inNode[row] = 0
      return best
    },
    divide({ from, to }: Range, { column, threshold, missingLeft }) {
      const value = values[column]!
      let middle = from
      let right = 0
      for (let at = from; at < to; at++) {
        const row = order[at]!
        const own = value[row]!
        if (own <= threshold || (missingLeft === 1 && Number.isNaN(own))) order[middle++] = row
        else spare[right++] = row
      }
      order.set(spare.subarray(0, right), middle)
      return middle
    },
  }
}
