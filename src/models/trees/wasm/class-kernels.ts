// The inner loops of growing classification trees: bootstrap draws, class totals of a node, and the best split of a column.

import { assemble, f64, i32, i64, loop, wasmFunction } from '../../wasm/assembler.ts'
import { compileWasm, type WasmModule } from '../../wasm/runtime.ts'
import { type CutKernels, cutKernels } from './class-cut.ts'
import { searchColumnKernel } from './class-search.ts'
import { type PartitionKernel, partitionKernel } from './partition.ts'

/**
 * All arguments that name arrays are byte offsets. A row's weight is one double: `weight * step + 1`, both whole, so that a
 * sum over rows is their weight (in units of `step`; the rest is below rounding) and, modulo `step`, their number.
 * Class tables are padded to an even number of classes, and code for that number is made: its loops over classes are unrolled.
 */
export type ClassKernels = CutKernels & {
  readonly partition: PartitionKernel
  /**
   * Draws `rows` rows with replacement by splitmix64 (Steele, Lea and Flood 2014), counting them in `counts`.
   * A row is taken by multiply-shift, which favours none by more than rows / 2^32 (Lemire 2019).
   */
  readonly draw: (seedLow: number, seedHigh: number, rows: number, counts: number) => void
  /**
   * Lists the rows drawn at least once whose base weight (a multiple of `step`) is not 0, sets the weight of each to
   * draws * base + 1, and empties `counts`.
   * @returns the offset where the list in `order` ends
   */
  readonly takeRows: (rows: number, counts: number, base: number, order: number, weights: number) => number
  /** Adds the weights of the node's rows to the class totals. */
  readonly sumClasses: (order: number, end: number, classOf: number, weights: number, totals: number) => void
  /**
   * Looks at every split of one column and puts the best into `best` when it gains more than what is there: gain (f64),
   * column, bin, missing left (i32 each), and from `LEFT_TOTALS` on the class totals of the left child. `cells` (256 x classes doubles) and `used` (4 x i64) are 0 before and after.
   * @returns 1 where the node's rows differ in this column
   */
  readonly searchColumn: (
    order: number,
    end: number,
    column: number,
    classOf: number,
    weights: number,
    cells: number,
    used: number,
    totals: number,
    best: number,
    index: number,
    minLeaf: number,
    step: number,
    weight: number,
    score: number,
  ) => number
}

const drawKernel = wasmFunction(
  'draw',
  { seedLow: 'i32', seedHigh: 'i32', rows: 'i32', counts: 'i32' },
  { state: 'i64', mixed: 'i64', left: 'i32', place: 'i32' },
  ({ seedLow, seedHigh, rows, counts, state, mixed, left, place }) => [
    state.set(i64.or(i64.ofI32U(seedLow.get), i64.shl(i64.ofI32U(seedHigh.get), i64.const(32n)))),
    left.set(rows.get),
    loop(
      left.get,
      state.set(i64.add(state.get, i64.const(0x9e3779b97f4a7c15n))),
      mixed.set(i64.mul(xorShifted(state.get, 30n), i64.const(0xbf58476d1ce4e5b9n))),
      mixed.set(i64.mul(xorShifted(mixed.get, 27n), i64.const(0x94d049bb133111ebn))),
      mixed.set(xorShifted(mixed.get, 31n)),
      // (upper 32 bits * rows) >> 32
      mixed.set(i64.mul(i64.shrU(mixed.get, i64.const(32n)), i64.ofI32U(rows.get))),
      place.set(i32.add(counts.get, i32.shl(i32.ofI64(i64.shrU(mixed.get, i64.const(32n))), i32.const(2)))),
      i32.store(place.get, i32.add(i32.load(place.get), i32.const(1))),
      left.set(i32.sub(left.get, i32.const(1))),
    ),
  ],
)

function xorShifted(value: ReturnType<typeof i64.const>, by: bigint): ReturnType<typeof i64.const> {
  return i64.xor(value, i64.shrU(value, i64.const(by)))
}

const takeRowsKernel = wasmFunction(
  'takeRows',
  { rows: 'i32', counts: 'i32', base: 'i32', order: 'i32', weights: 'i32' },
  { row: 'i32', place: 'i32', weight: 'f64' },
  ({ rows, counts, base, order, weights, row, place, weight }) => {
    const wide = i32.shl(row.get, i32.const(3))
    return [
      loop(
        i32.ltU(row.get, rows.get),
        place.set(i32.add(counts.get, i32.shl(row.get, i32.const(2)))),
        weight.set(f64.mul(f64.ofI32U(i32.load(place.get)), f64.load(i32.add(base.get, wide)))),
        i32.store(place.get, i32.const(0)),
        f64.store(i32.add(weights.get, wide), f64.add(weight.get, f64.const(1))),
        i32.store(order.get, row.get),
        order.set(i32.add(order.get, i32.shl(f64.gt(weight.get, f64.const(0)), i32.const(2)))),
        row.set(i32.add(row.get, i32.const(1))),
      ),
    ]
  },
  ({ order }) => order.get,
)

const sumClassesKernel = wasmFunction(
  'sumClasses',
  { order: 'i32', end: 'i32', classOf: 'i32', weights: 'i32', totals: 'i32' },
  { row: 'i32', place: 'i32' },
  ({ order, end, classOf, weights, totals, row, place }) => [
    loop(
      i32.ltU(order.get, end.get),
      row.set(i32.load(order.get)),
      place.set(i32.add(totals.get, i32.shl(i32.loadByte(i32.add(classOf.get, row.get)), i32.const(3)))),
      f64.store(
        place.get,
        f64.add(f64.load(place.get), f64.load(i32.add(weights.get, i32.shl(row.get, i32.const(3))))),
      ),
      order.set(i32.add(order.get, i32.const(4))),
    ),
  ],
)

const modules = new Map<number, WasmModule>()

/** The compiled kernels for so many pairs of classes; made once per number. */
export function classModule(pairs: number): WasmModule {
  const known = modules.get(pairs)
  if (known !== undefined) return known
  const made = compileWasm(
    assemble([partitionKernel, drawKernel, takeRowsKernel, sumClassesKernel, searchColumnKernel(pairs), ...cutKernels]),
  )
  modules.set(pairs, made)
  return made
}
