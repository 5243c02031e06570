// The inner loops of trees that cut columns at random: a node's range in a column, class totals beside a cut, and dividing the rows there.

import { copyBytes, f32, f64, i32, loop, select, type WasmFunction, wasmFunction } from '../../wasm/assembler.ts'

/** Columns are float32 by row; arguments are byte offsets but for `cut` and `missingLeft`. */
export type CutKernels = {
  /** Writes the smallest and the largest value of the node's rows over what is in `into` (2 x f32); missing ones do not count. */
  readonly rangeOf: (order: number, end: number, column: number, into: number) => void
  /** Adds the rows' weights to three tables of class totals, `bytes` apart: at or below the cut, above it, missing. */
  readonly cutClasses: (
    order: number,
    end: number,
    column: number,
    classOf: number,
    weights: number,
    cut: number,
    tables: number,
    bytes: number,
  ) => void
  /** As `partition`, by value. */
  readonly partitionCut: (
    order: number,
    end: number,
    column: number,
    cut: number,
    missingLeft: number,
    spare: number,
  ) => number
}

const rangeOf = wasmFunction(
  'rangeOf',
  { order: 'i32', end: 'i32', column: 'i32', into: 'i32' },
  { value: 'f32', low: 'f32', high: 'f32' },
  ({ order, end, column, into, value, low, high }) => [
    low.set(f32.load(into.get)),
    high.set(f32.load(into.get, 4)),
    loop(
      i32.ltU(order.get, end.get),
      value.set(f32.load(i32.add(column.get, i32.shl(i32.load(order.get), i32.const(2))))),
      low.set(select(f32.le(value.get, low.get), value.get, low.get)),
      high.set(select(f32.le(high.get, value.get), value.get, high.get)),
      order.set(i32.add(order.get, i32.const(4))),
    ),
    f32.store(into.get, low.get),
    f32.store(into.get, high.get, 4),
  ],
)

const cutClasses = wasmFunction(
  'cutClasses',
  {
    order: 'i32',
    end: 'i32',
    column: 'i32',
    classOf: 'i32',
    weights: 'i32',
    cut: 'f32',
    tables: 'i32',
    bytes: 'i32',
  },
  { row: 'i32', place: 'i32', value: 'f32' },
  ({ order, end, column, classOf, weights, cut, tables, bytes, row, place, value }) => [
    loop(
      i32.ltU(order.get, end.get),
      row.set(i32.load(order.get)),
      value.set(f32.load(i32.add(column.get, i32.shl(row.get, i32.const(2))))),
      // Table 0, 1 or 2: neither at or below the cut nor a number is two steps on.
      place.set(
        i32.mul(bytes.get, i32.add(i32.eq(f32.le(value.get, cut.get), i32.const(0)), f32.ne(value.get, value.get))),
      ),
      place.set(
        i32.add(i32.add(tables.get, place.get), i32.shl(i32.loadByte(i32.add(classOf.get, row.get)), i32.const(3))),
      ),
      f64.store(
        place.get,
        f64.add(f64.load(place.get), f64.load(i32.add(weights.get, i32.shl(row.get, i32.const(3))))),
      ),
      order.set(i32.add(order.get, i32.const(4))),
    ),
  ],
)

const partitionCut = wasmFunction(
  'partitionCut',
  { order: 'i32', end: 'i32', column: 'i32', cut: 'f32', missingLeft: 'i32', spare: 'i32' },
  { at: 'i32', right: 'i32', row: 'i32', goesLeft: 'i32', value: 'f32' },
  ({ order, end, column, cut, missingLeft, spare, at, right, row, goesLeft, value }) => [
    at.set(order.get),
    right.set(spare.get),
    loop(
      i32.ltU(at.get, end.get),
      row.set(i32.load(at.get)),
      value.set(f32.load(i32.add(column.get, i32.shl(row.get, i32.const(2))))),
      goesLeft.set(i32.or(f32.le(value.get, cut.get), i32.and(missingLeft.get, f32.ne(value.get, value.get)))),
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

export const cutKernels: readonly WasmFunction[] = [rangeOf, cutClasses, partitionCut]
