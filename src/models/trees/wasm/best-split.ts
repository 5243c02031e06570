// What the split searches of both kinds of tree share: rows from a packed sum, the gain of a split, and the best one so far.

import { type Code, f64, i32, type Local, when } from '../../wasm/assembler.ts'

/** Locals and arguments that a search keeps its best split in. */
export type BestSplit = {
  readonly best: Local<'i32'>
  readonly index: Local<'i32'>
  readonly bin: Local<'i32'>
  readonly pass: Local<'i32'>
  readonly bestBin: Local<'i32'>
  readonly bestPass: Local<'i32'>
  readonly gain: Local<'f64'>
  readonly bestGain: Local<'f64'>
}

/** A packed sum modulo `step` is the number of rows in it. */
export const rowsOf =
  ({ step, perStep }: { readonly step: Local<'f64'>; readonly perStep: Local<'f64'> }) =>
  (packed: Code<'f64'>): Code<'f64'> =>
    f64.sub(packed, f64.mul(f64.floor(f64.mul(packed, perStep.get)), step.get))

type Side = { readonly squares: Code<'f64'>; readonly weight: Code<'f64'> }

/** squares / weight of the left plus the same of the right, over one denominator, less the score of the node. */
export const splitGain = (left: Side, right: Side, score: Code<'f64'>): Code<'f64'> =>
  f64.sub(
    f64.div(
      f64.add(f64.mul(left.squares, right.weight), f64.mul(right.squares, left.weight)),
      f64.mul(left.weight, right.weight),
    ),
    score,
  )

/** Takes the split at hand, and what else is to be kept of it, where it gains more than the best. */
export const keepBetter = (v: BestSplit, ...also: readonly Code<'none'>[]): Code<'none'> =>
  when(
    f64.gt(v.gain.get, v.bestGain.get),
    v.bestGain.set(v.gain.get),
    v.bestBin.set(v.bin.get),
    v.bestPass.set(v.pass.get),
    ...also,
  )

/** Before the search: the gain to beat is that of the columns before. */
export const startBest = (v: BestSplit): readonly Code<'none'>[] => [
  v.bestGain.set(f64.load(v.best.get)),
  v.bestBin.set(i32.const(-1)),
]

/** After it: gain (f64), column, bin, missing left (i32 each), where this column had a better split. */
export const storeBest = (v: BestSplit, ...also: readonly Code<'none'>[]): Code<'none'> =>
  when(
    i32.leS(i32.const(0), v.bestBin.get),
    f64.store(v.best.get, v.bestGain.get),
    i32.store(v.best.get, v.index.get, 8),
    i32.store(v.best.get, v.bestBin.get, 12),
    i32.store(v.best.get, v.bestPass.get, 16),
    ...also,
  )
