// The kernel that finds the split of one column that lowers the loss most, to second order with L2 on leaf values.

import { type Code, f64, f64x2, i32, loop, wasmFunction, when, whenElse } from '../../wasm/assembler.ts'
import { MISSING_BIN } from '../bins.ts'
import { keepBetter, rowsOf, splitGain, startBest, storeBest } from './best-split.ts'

const MISSING_BYTES = MISSING_BIN * 16

/** The gain of a split, less a constant factor: Chen and Guestrin 2016, equation 7. */
export const searchValuesKernel = wasmFunction(
  'searchValues',
  {
    cells: 'i32',
    splits: 'i32',
    node: 'i32',
    best: 'i32',
    index: 'i32',
    l2: 'f64',
    minRows: 'f64',
    minCurvature: 'f64',
    step: 'f64',
    score: 'f64',
    direction: 'f64',
  },
  {
    bin: 'i32',
    place: 'i32',
    pass: 'i32',
    passes: 'i32',
    bestBin: 'i32',
    bestPass: 'i32',
    perStep: 'f64',
    gradient: 'f64',
    curvature: 'f64',
    rows: 'f64',
    leftGradient: 'f64',
    leftCurvature: 'f64',
    leftRows: 'f64',
    rightGradient: 'f64',
    rightCurvature: 'f64',
    leftDivisor: 'f64',
    rightDivisor: 'f64',
    gain: 'f64',
    bestGain: 'f64',
    sum: 'v128',
  },
  v => {
    const rowsIn = rowsOf(v)
    const squared = (value: Code<'f64'>) => f64.mul(value, value)

    const judge = [
      v.leftGradient.set(f64x2.first(v.sum.get)),
      v.rightGradient.set(f64.sub(v.gradient.get, v.leftGradient.get)),
      v.rightCurvature.set(f64.sub(v.curvature.get, v.leftCurvature.get)),
      when(
        i32.and(f64.ge(v.leftCurvature.get, v.minCurvature.get), f64.ge(v.rightCurvature.get, v.minCurvature.get)),
        v.leftDivisor.set(f64.add(v.leftCurvature.get, v.l2.get)),
        v.rightDivisor.set(f64.add(v.rightCurvature.get, v.l2.get)),
        v.gain.set(
          splitGain(
            { squares: squared(v.leftGradient.get), weight: v.leftDivisor.get },
            { squares: squared(v.rightGradient.get), weight: v.rightDivisor.get },
            v.score.get,
          ),
        ),
        // Where the column has a direction, -G / (H + l2) must not be against it from left to right.
        when(
          f64.ge(
            f64.mul(
              v.direction.get,
              f64.sub(f64.mul(v.leftGradient.get, v.rightDivisor.get), f64.mul(v.rightGradient.get, v.leftDivisor.get)),
            ),
            f64.const(0),
          ),
          keepBetter(v),
        ),
      ),
    ]

    const sweep = loop(
      i32.ltU(v.pass.get, v.passes.get),
      // In the second pass missing rows are on the left.
      v.sum.set(f64x2.mul(f64x2.load(v.cells.get, MISSING_BYTES), f64x2.splat(f64.ofI32U(v.pass.get)))),
      v.bin.set(i32.const(0)),
      v.place.set(v.cells.get),
      loop(
        i32.ltU(v.bin.get, v.splits.get),
        when(
          f64.ne(f64.load(v.place.get, 8), f64.const(0)),
          v.sum.set(f64x2.add(v.sum.get, f64x2.load(v.place.get))),
          v.leftCurvature.set(f64x2.second(v.sum.get)),
          v.leftRows.set(rowsIn(v.leftCurvature.get)),
          when(
            f64.ge(v.leftRows.get, v.minRows.get),
            whenElse(f64.ge(f64.sub(v.rows.get, v.leftRows.get), v.minRows.get), judge, [v.bin.set(v.splits.get)]),
          ),
        ),
        v.bin.set(i32.add(v.bin.get, i32.const(1))),
        v.place.set(i32.add(v.place.get, i32.const(16))),
      ),
      v.pass.set(i32.add(v.pass.get, i32.const(1))),
    )

    return [
      v.perStep.set(f64.div(f64.const(1), v.step.get)),
      v.gradient.set(f64.load(v.node.get)),
      v.curvature.set(f64.load(v.node.get, 8)),
      v.rows.set(rowsIn(v.curvature.get)),
      ...startBest(v),
      v.passes.set(i32.add(i32.const(1), f64.ne(f64.load(v.cells.get, MISSING_BYTES + 8), f64.const(0)))),
      sweep,
      storeBest(v),
    ]
  },
)
