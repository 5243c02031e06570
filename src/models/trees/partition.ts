// Divides the rows of a node between its children, keeping their order.

import { MISSING_BIN } from './bins.ts'

/**
 * Rows `order[from, to)` whose bin is at or below `bin` (missing ones by `missingLeft`) come first, both sides in the
 * order they had. `spare` is scratch of the same length.
 *
 * @returns where the right side begins
 */
export function partitionRows(
  order: Int32Array,
  from: number,
  to: number,
  column: Uint8Array,
  bin: number,
  missingLeft: boolean,
  spare: Int32Array,
): number {
  let left = from
  let right = 0
  const missing = missingLeft ? MISSING_BIN : -1
  // Both places are written and one is kept: which way a row goes is a coin toss that a branch would mispredict.
  for (let at = from; at < to; at++) {
    const row = order[at]!
    const own = column[row]!
    const goesLeft = Number(own <= bin) | Number(own === missing)
    order[left] = row
    spare[right] = row
    left += goesLeft
    right += 1 - goesLeft
  }
  order.set(spare.subarray(0, right), left)
  return left
}
