// What a sizer learns from, checked once, and the split into rows to fit on and newer rows to stop by.

import { Fault } from '../../base/fault.ts'

export type SizerRows = {
  /** Row-major, `r.length * width`, in order of time; z-scores without missing values. */
  readonly inputs: Float32Array
  /** Net R of each trade at size 1. */
  readonly r: Float64Array
  /** Slippage of each trade in R; 0 when absent. */
  readonly slipR?: Float64Array | undefined
  /** How much each row counts; all equal when absent. */
  readonly weights?: Float64Array | undefined
}

/** @returns the number of columns */
export function checkSizerRows({ inputs, r, slipR, weights }: SizerRows): number {
  const count = r.length
  if (count === 0) throw new Fault('TOO_FEW_ROWS', 'there is no trade to learn sizes from')
  const width = inputs.length / count
  if (!Number.isInteger(width) || (slipR ?? r).length !== count || (weights ?? r).length !== count) {
    throw new RangeError(
      `${inputs.length} inputs, ${slipR?.length} slippages, ${weights?.length} weights for ${count} trades`,
    )
  }
  if (![inputs, r, slipR ?? r].every(values => values.every(Number.isFinite))) {
    throw new Fault('DEGENERATE_INPUT', 'an input, R or slippage of a trade is not a finite number')
  }
  if (weights?.every(weight => weight >= 0 && weight < Infinity) === false) {
    throw new Fault('DEGENERATE_INPUT', 'a weight is negative or not finite')
  }
  return width
}

/**
 * Rows 0..fit are fitted on; rows validate..count decide when to stop. The gap between them belongs to neither: its labels reach
 * into the validation rows (SPLIT-02).
 */
export function stopSplit(
  { r, weights }: SizerRows,
  { validationShare, gapShare }: { readonly validationShare: number; readonly gapShare: number },
): { readonly fit: number; readonly validate: number } {
  const validate = Math.floor(r.length * (1 - validationShare))
  const fit = Math.floor(validate - r.length * gapShare)
  const heavy = (from: number, to: number): boolean =>
    to > from && weights?.subarray(from, to).some(w => w > 0) !== false
  if (!heavy(0, fit) || !heavy(validate, r.length)) {
    throw new Fault('TOO_FEW_ROWS', `${r.length} trades leave none to fit on or none to stop by`)
  }
  return { fit, validate }
}
