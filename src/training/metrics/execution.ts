// How good expected R of single candidates is (MET-01).

import { meanOf, type Statistics } from './interval.ts'
import { rankIcStatistic, rSquaredStatistic } from './ranking.ts'

/** @param said expected R a row, @param actual net R a row */
export function executionStatistics(said: Float32Array, actual: Float64Array): Statistics {
  const predicted = Float64Array.from(said)
  const signed = Array.from(actual.keys()).filter(row => actual[row] !== 0)
  return {
    mae: meanOf(actual.map((value, row) => Math.abs(value - predicted[row]!))),
    mse: meanOf(actual.map((value, row) => (value - predicted[row]!) ** 2)),
    signHit: meanOf(signed.map(row => (Math.sign(predicted[row]!) === Math.sign(actual[row]!) ? 1 : 0))),
    r2: rSquaredStatistic(actual, predicted),
    rankIc: rankIcStatistic(actual, predicted),
    positiveMeanR: meanOf(actual.filter((_, row) => predicted[row]! > 0)),
  }
}
