// How good expected R of single candidates is (MET-01).

import type { CandidateTable } from '../../trading/candidate-table.ts'
import type { ResultSeries } from '../ledger/results.ts'
import { meanOf, type Statistics } from './interval.ts'
import { rankIcStatistic, rSquaredStatistic } from './ranking.ts'

/** Net R of the candidates that are expected to earn, 0 of the others. */
export function executionSeries(table: CandidateTable, rows: Int32Array, said: Float32Array): ResultSeries {
  return {
    start: Float64Array.from(rows, row => table.time[row]!),
    end: Float64Array.from(rows, row => table.labelEnd[row]!),
    r: Float64Array.from(rows, (row, at) => (said[at]! > 0 ? table.r[row]! : 0)),
  }
}

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
