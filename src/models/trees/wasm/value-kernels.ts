// The inner loops of growing regression trees: histograms of gradients, and sums over the rows of a leaf.

import { assemble, f64, f64x2, i32, type Local, loop, wasmFunction } from '../../wasm/assembler.ts'
import { compileWasm } from '../../wasm/runtime.ts'
import { type PartitionKernel, partitionKernel } from './partition.ts'
import { searchValuesKernel } from './value-search.ts'

/**
 * All arguments that name arrays are byte offsets. A row is a pair of doubles, both whole: its gradient, and
 * `curvature * step + 1`, so that a sum over rows is their curvature (the rest is below rounding) and, modulo `step`,
 * their number. A column's histogram is 256 such pairs.
 */
export type ValueKernels = {
  readonly partition: PartitionKernel
  /** Adds the node's rows to the histogram of one column. */
  readonly addColumn: (order: number, end: number, column: number, cells: number, pairs: number) => void
  /** The same for four columns `next` bytes apart in one pass over the rows; their histograms lie side by side. */
  readonly addFourColumns: (
    order: number,
    end: number,
    column: number,
    next: number,
    cells: number,
    pairs: number,
  ) => void
  /** Takes one histogram from another, pair by pair up to `end`. */
  readonly subtract: (from: number, end: number, what: number) => void
  /** Sums one column's histogram into the pair `into`. */
  readonly sumColumn: (cells: number, into: number) => void
  /**
   * Looks at every split of one column and puts the best into `best` when it gains more than what is there: gain (f64),
   * column, bin, missing left (i32 each). Curvatures are in packed units throughout. `direction` is 1 where leaf values must not fall
   * to the right, -1 where they must not rise, else 0.
   */
  readonly searchValues: (
    cells: number,
    splits: number,
    node: number,
    best: number,
    index: number,
    l2: number,
    minRows: number,
    minCurvature: number,
    step: number,
    score: number,
    direction: number,
  ) => void
  /** Largest absolute value. */
  readonly largest: (values: number, end: number) => number
  /** Writes round(value * scale) * unit + plus for each value, 16 bytes apart: one half of every row's pair. */
  readonly roundInto: (values: number, end: number, scale: number, unit: number, plus: number, into: number) => void
  readonly sumRows: (order: number, end: number, values: number) => number
  readonly addToRows: (order: number, end: number, values: number, amount: number) => void
}

const HISTOGRAM_BYTES = 256 * 16
const wide = (row: Local<'i32'>) => i32.shl(row.get, i32.const(3))
const pairOf = (row: Local<'i32'>) => i32.shl(row.get, i32.const(4))
const next = (pointer: Local<'i32'>, bytes: number) => pointer.set(i32.add(pointer.get, i32.const(bytes)))

const addColumn = wasmFunction(
  'addColumn',
  { order: 'i32', end: 'i32', column: 'i32', cells: 'i32', pairs: 'i32' },
  { row: 'i32', place: 'i32' },
  ({ order, end, column, cells, pairs, row, place }) => [
    loop(
      i32.ltU(order.get, end.get),
      row.set(i32.load(order.get)),
      place.set(i32.add(cells.get, i32.shl(i32.loadByte(i32.add(column.get, row.get)), i32.const(4)))),
      f64x2.store(place.get, f64x2.add(f64x2.load(place.get), f64x2.load(i32.add(pairs.get, pairOf(row))))),
      next(order, 4),
    ),
  ],
)

const addFourColumns = wasmFunction(
  'addFourColumns',
  { order: 'i32', end: 'i32', column: 'i32', next: 'i32', cells: 'i32', pairs: 'i32' },
  { row: 'i32', place: 'i32', bin: 'i32', pair: 'v128' },
  v => [
    loop(
      i32.ltU(v.order.get, v.end.get),
      v.row.set(i32.load(v.order.get)),
      v.pair.set(f64x2.load(i32.add(v.pairs.get, pairOf(v.row)))),
      v.bin.set(i32.add(v.column.get, v.row.get)),
      ...[0, 1, 2, 3].flatMap(column => [
        v.place.set(i32.add(v.cells.get, i32.shl(i32.loadByte(v.bin.get), i32.const(4)))),
        f64x2.store(
          v.place.get,
          f64x2.add(f64x2.load(v.place.get, column * HISTOGRAM_BYTES), v.pair.get),
          column * HISTOGRAM_BYTES,
        ),
        v.bin.set(i32.add(v.bin.get, v.next.get)),
      ]),
      next(v.order, 4),
    ),
  ],
)

const subtract = wasmFunction('subtract', { from: 'i32', end: 'i32', what: 'i32' }, {}, ({ from, end, what }) => [
  loop(
    i32.ltU(from.get, end.get),
    f64x2.store(from.get, f64x2.sub(f64x2.load(from.get), f64x2.load(what.get))),
    next(from, 16),
    next(what, 16),
  ),
])

const sumColumn = wasmFunction(
  'sumColumn',
  { cells: 'i32', into: 'i32' },
  { end: 'i32', sum: 'v128' },
  ({ cells, into, end, sum }) => [
    end.set(i32.add(cells.get, i32.const(HISTOGRAM_BYTES))),
    loop(i32.ltU(cells.get, end.get), sum.set(f64x2.add(sum.get, f64x2.load(cells.get))), next(cells, 16)),
    f64x2.store(into.get, sum.get),
  ],
)

const largest = wasmFunction(
  'largest',
  { values: 'i32', end: 'i32' },
  { most: 'f64' },
  ({ values, end, most }) => [
    loop(i32.ltU(values.get, end.get), most.set(f64.max(most.get, f64.abs(f64.load(values.get)))), next(values, 8)),
  ],
  ({ most }) => most.get,
)

const roundInto = wasmFunction(
  'roundInto',
  { values: 'i32', end: 'i32', scale: 'f64', unit: 'f64', plus: 'f64', into: 'i32' },
  {},
  ({ values, end, scale, unit, plus, into }) => [
    loop(
      i32.ltU(values.get, end.get),
      f64.store(into.get, f64.add(f64.mul(f64.nearest(f64.mul(f64.load(values.get), scale.get)), unit.get), plus.get)),
      next(values, 8),
      next(into, 16),
    ),
  ],
)

const sumRows = wasmFunction(
  'sumRows',
  { order: 'i32', end: 'i32', values: 'i32' },
  { row: 'i32', sum: 'f64' },
  ({ order, end, values, row, sum }) => [
    loop(
      i32.ltU(order.get, end.get),
      row.set(i32.load(order.get)),
      sum.set(f64.add(sum.get, f64.load(i32.add(values.get, wide(row))))),
      next(order, 4),
    ),
  ],
  ({ sum }) => sum.get,
)

const addToRows = wasmFunction(
  'addToRows',
  { order: 'i32', end: 'i32', values: 'i32', amount: 'f64' },
  { row: 'i32', place: 'i32' },
  ({ order, end, values, amount, row, place }) => [
    loop(
      i32.ltU(order.get, end.get),
      row.set(i32.load(order.get)),
      place.set(i32.add(values.get, wide(row))),
      f64.store(place.get, f64.add(f64.load(place.get), amount.get)),
      next(order, 4),
    ),
  ],
)

/** The compiled kernels. */
export const valueModule = compileWasm(
  assemble([
    partitionKernel,
    addColumn,
    addFourColumns,
    subtract,
    sumColumn,
    searchValuesKernel,
    largest,
    roundInto,
    sumRows,
    addToRows,
  ]),
)
