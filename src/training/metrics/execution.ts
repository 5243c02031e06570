// How good expected R of single candidates is (MET-01).

import { rankIc, rSquared } from '../../math/regression.ts'
import type { Numbers } from '../../math/statistics.ts'
import { meanOf, type Statistics } from './interval.ts'

/** @param predicted expected R a row, @param actual net R a row */
export function executionStatistics(predicted: Float32Array, actual: Float64Array): Statistics {
  const pick = (rows: Numbers) => ({
    predicted: Float64Array.from(rows, row => predicted[row]!),
    actual: Float64Array.from(rows, row => actual[row]!),
  })
  const signed = Array.from(actual.keys()).filter(row => actual[row] !== 0)
  return {
    mae: meanOf(Array.from(actual, (value, row) => Math.abs(value - predicted[row]!))),
    mse: meanOf(Array.from(actual, (value, row) => (value - predicted[row]!) ** 2)),
    signHit: meanOf(signed.map(row => (Math.sign(predicted[row]!) === Math.sign(actual[row]!) ? 1 : 0))),
    r2: { kind: 'other', count: actual.length, of: rows => rSquared(pick(rows)) },
    rankIc: { kind: 'other', count: actual.length, of: rows => rankIc(pick(rows)) },
    positiveMeanR: meanOf(Array.from(actual).filter((_, row) => predicted[row]! > 0)),
  }
}
