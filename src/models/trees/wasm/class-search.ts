// The kernel that finds the best split of one column by weighted Gini impurity, for one number of classes.

import {
  type Code,
  f64,
  f64x2,
  i32,
  i64,
  type Local,
  loop,
  type WasmFunction,
  wasmFunction,
  when,
  whenElse,
} from '../../wasm/assembler.ts'
import { MISSING_BIN } from '../bins.ts'
import { keepBetter, rowsOf, splitGain, startBest, storeBest } from './best-split.ts'

/** From this many rows on, nearly every bin is in use and noting which ones costs more than it saves. */
const DENSE_BYTES = 512 * 4
const WORD_OFFSETS = [0, 8, 16, 24]
/** Where the class totals of the left child lie behind the best split. */
export const LEFT_TOTALS = 32

/** @param pairs half the number of classes, rounded up; a v128 holds two classes */
export function searchColumnKernel(pairs: number): WasmFunction {
  const each = Array.from({ length: pairs }, (_, pair) => pair)
  const stride = pairs * 16
  return wasmFunction(
    'searchColumn',
    {
      order: 'i32',
      end: 'i32',
      column: 'i32',
      classOf: 'i32',
      weights: 'i32',
      cells: 'i32',
      used: 'i32',
      totals: 'i32',
      best: 'i32',
      index: 'i32',
      minLeaf: 'f64',
      step: 'f64',
      weight: 'f64',
      score: 'f64',
    },
    {
      row: 'i32',
      bin: 'i32',
      word: 'i32',
      place: 'i32',
      pass: 'i32',
      varies: 'i32',
      bestBin: 'i32',
      bestPass: 'i32',
      bits: 'i64',
      perStep: 'f64',
      rows: 'f64',
      leftRows: 'f64',
      leftWeight: 'f64',
      rightWeight: 'f64',
      gain: 'f64',
      bestGain: 'f64',
      sum: 'v128',
      right: 'v128',
      leftSquares: 'v128',
      rightSquares: 'v128',
      keep: 'v128',
      ...perPair('total', pairs),
      ...perPair('left', pairs),
      ...perPair('bestLeft', pairs),
    },
    names => {
      // Locals made in a loop have no names that the compiler knows.
      const v = names as typeof names & Readonly<Record<string, Local<'v128'>>>
      const total = each.map(pair => v[`total${pair}`]!)
      const left = each.map(pair => v[`left${pair}`]!)
      const bestLeft = each.map(pair => v[`bestLeft${pair}`]!)
      const cellOf = (bin: Code<'i32'>) => i32.add(v.cells.get, i32.mul(bin, i32.const(stride)))
      const rowsIn = rowsOf(v)
      const acrossPair = (pair: Code<'v128'>) => f64.add(f64x2.first(pair), f64x2.second(pair))
      const zero = f64x2.splat(f64.const(0))

      const more = i32.ltU(v.order.get, v.end.get)
      const addRow = [
        v.row.set(i32.load(v.order.get)),
        v.bin.set(i32.loadByte(i32.add(v.column.get, v.row.get))),
        v.place.set(i32.add(cellOf(v.bin.get), i32.shl(i32.loadByte(i32.add(v.classOf.get, v.row.get)), i32.const(3)))),
        f64.store(
          v.place.get,
          f64.add(f64.load(v.place.get), f64.load(i32.add(v.weights.get, i32.shl(v.row.get, i32.const(3))))),
        ),
        v.order.set(i32.add(v.order.get, i32.const(4))),
      ]
      const noteBin = [
        v.place.set(i32.add(v.used.get, i32.shl(i32.shrU(v.bin.get, i32.const(6)), i32.const(3)))),
        i64.store(v.place.get, i64.or(i64.load(v.place.get), i64.shl(i64.const(1n), i64.ofI32U(v.bin.get)))),
      ]
      const fill = whenElse(
        i32.geU(i32.sub(v.end.get, v.order.get), i32.const(DENSE_BYTES)),
        [loop(more, ...addRow), ...WORD_OFFSETS.map(offset => i64.store(v.used.get, i64.const(-1n), offset))],
        [loop(more, ...addRow, ...noteBin)],
      )

      const missing = (pair: number) => f64x2.load(cellOf(i32.const(MISSING_BIN)), pair * 16)
      /** With missing rows in the node a second pass has them on the left. */
      const anyMissing = f64.ne(acrossPair(each.map(missing).reduce(f64x2.add)), f64.const(0))
      const startPass = [
        // Cells are kept until the second pass and multiplied by 0 in it.
        v.keep.set(f64x2.splat(f64.ofI32U(i32.sub(i32.const(1), v.pass.get)))),
        ...left.map((own, pair) => own.set(f64x2.mul(missing(pair), f64x2.splat(f64.ofI32U(v.pass.get))))),
      ]

      /** Moves one bin to the left and sums the squares on both sides. */
      const moveBin = (remaining: Code<'v128'>) => [
        v.place.set(cellOf(v.bin.get)),
        ...each.flatMap(pair => [
          v.sum.set(f64x2.load(v.place.get, pair * 16)),
          f64x2.store(v.place.get, remaining, pair * 16),
          left[pair]!.set(f64x2.add(left[pair]!.get, v.sum.get)),
          v.right.set(f64x2.sub(total[pair]!.get, left[pair]!.get)),
          v.leftSquares.set(addTo(v.leftSquares, f64x2.mul(left[pair]!.get, left[pair]!.get), pair)),
          v.rightSquares.set(addTo(v.rightSquares, f64x2.mul(v.right.get, v.right.get), pair)),
        ]),
        v.leftWeight.set(acrossPair(left.map(own => own.get).reduce(f64x2.add))),
      ]

      const weigh = [
        v.rightWeight.set(f64.sub(v.weight.get, v.leftWeight.get)),
        v.gain.set(
          splitGain(
            { squares: acrossPair(v.leftSquares.get), weight: v.leftWeight.get },
            { squares: acrossPair(v.rightSquares.get), weight: v.rightWeight.get },
            v.score.get,
          ),
        ),
        keepBetter(v, ...bestLeft.map((best, pair) => best.set(left[pair]!.get))),
      ]
      const judge = when(
        i32.and(f64.gt(v.leftWeight.get, f64.const(0)), f64.lt(v.leftWeight.get, v.weight.get)),
        v.varies.set(i32.const(1)),
        // Rows on both sides are one at least: they need counting only where it must be more.
        whenElse(f64.ge(f64.const(1), v.minLeaf.get), weigh, [
          v.leftRows.set(rowsIn(v.leftWeight.get)),
          when(
            i32.and(f64.ge(v.leftRows.get, v.minLeaf.get), f64.ge(f64.sub(v.rows.get, v.leftRows.get), v.minLeaf.get)),
            ...weigh,
          ),
        ]),
      )

      /** Over the bins in use but the last, which holds missing rows and closes no split. */
      const sweep = (remaining: Code<'v128'>) => [
        v.word.set(i32.const(0)),
        loop(
          i32.ltU(v.word.get, i32.const(4)),
          v.bits.set(i64.load(i32.add(v.used.get, i32.shl(v.word.get, i32.const(3))))),
          when(i32.eq(v.word.get, i32.const(3)), v.bits.set(i64.and(v.bits.get, i64.const((1n << 63n) - 1n)))),
          loop(
            i64.ne(v.bits.get, i64.const(0n)),
            v.bin.set(i32.add(i32.shl(v.word.get, i32.const(6)), i32.ofI64(i64.ctz(v.bits.get)))),
            v.bits.set(i64.and(v.bits.get, i64.sub(v.bits.get, i64.const(1n)))),
            ...moveBin(remaining),
            judge,
          ),
          v.word.set(i32.add(v.word.get, i32.const(1))),
        ),
      ]
      const sweepTwice = loop(
        i32.ltU(v.pass.get, i32.const(2)),
        ...startPass,
        ...sweep(f64x2.mul(v.sum.get, v.keep.get)),
        v.pass.set(i32.add(v.pass.get, i32.const(1))),
      )

      return [
        ...total.map((own, pair) => own.set(f64x2.load(v.totals.get, pair * 16))),
        v.perStep.set(f64.div(f64.const(1), v.step.get)),
        v.rows.set(rowsIn(v.weight.get)),
        ...startBest(v),
        fill,
        whenElse(anyMissing, [sweepTwice], sweep(zero)),
        ...WORD_OFFSETS.map(offset => i64.store(v.used.get, i64.const(0n), offset)),
        ...each.map(pair => f64x2.store(cellOf(i32.const(MISSING_BIN)), zero, pair * 16)),
        storeBest(v, ...bestLeft.map((own, pair) => f64x2.store(v.best.get, own.get, LEFT_TOTALS + pair * 16))),
      ]
    },
    ({ varies }) => varies.get,
  )
}

/** The first term starts the sum. */
const addTo = (sum: Local<'v128'>, term: Code<'v128'>, index: number): Code<'v128'> =>
  index === 0 ? term : f64x2.add(sum.get, term)

function perPair(name: string, pairs: number): Readonly<Record<string, 'v128'>> {
  return Object.fromEntries(Array.from({ length: pairs }, (_, pair) => [`${name}${pair}`, 'v128' as const]))
}
