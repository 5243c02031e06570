// Divides the rows of a node between its children, keeping their order.

import { copyBytes, i32, loop, wasmFunction } from '../../wasm/assembler.ts'
import { MISSING_BIN } from '../bins.ts'

/**
 * Rows whose bin is at or below `bin` come first, missing ones by `missingLeft`.
 * Arguments are byte offsets: the node's rows are at `order` up to `end`, `spare` has as much room.
 *
 * @returns the offset where the right child's rows begin
 */
export type PartitionKernel = (
  order: number,
  end: number,
  column: number,
  bin: number,
  missingLeft: number,
  spare: number,
) => number

export const partitionKernel = wasmFunction(
  'partition',
  { order: 'i32', end: 'i32', column: 'i32', bin: 'i32', missingLeft: 'i32', spare: 'i32' },
  { at: 'i32', right: 'i32', row: 'i32', own: 'i32', goesLeft: 'i32' },
  ({ order, end, column, bin, missingLeft, spare, at, right, row, own, goesLeft }) => [
    at.set(order.get),
    right.set(spare.get),
    // Both places are written and one is kept: which way a row goes is a coin toss that a branch would mispredict.
    loop(
      i32.ltU(at.get, end.get),
      row.set(i32.load(at.get)),
      own.set(i32.loadByte(i32.add(column.get, row.get))),
      goesLeft.set(
        i32.or(i32.leU(own.get, bin.get), i32.and(missingLeft.get, i32.eq(own.get, i32.const(MISSING_BIN)))),
      ),
      i32.store(order.get, row.get),
      i32.store(right.get, row.get),
      order.set(i32.add(order.get, i32.shl(goesLeft.get, i32.const(2)))),
      right.set(i32.add(right.get, i32.sub(i32.const(4), i32.shl(goesLeft.get, i32.const(2))))),
      at.set(i32.add(at.get, i32.const(4))),
    ),
    copyBytes(order.get, spare.get, i32.sub(right.get, spare.get)),
  ],
  ({ order }) => order.get,
)
