// What the sizer stands beside: constant 1, a quarter of Kelly's fraction, a volatility target, and the release in charge.

import { FEATURE_NAMES } from '../../market/roles.ts'
import { median } from '../../math/statistics.ts'
import { type CandidateTable, FEATURE_COUNT } from '../../trading/candidate-table.ts'
import type { Statistics } from '../metrics/interval.ts'
import { sizerStatistics } from '../metrics/sizer.ts'
import { outcomesOf } from '../rows.ts'
import type { Champion } from '../run.ts'

const VOLATILITY = FEATURE_NAMES.indexOf('volatility')

/** The range of every size (RL-01). */
const sized = (multiplier: number): number => Math.min(2, Math.max(0.1, multiplier))

/** A quarter of mean / mean square (Kelly 1956, small bets), in units of the risk of size 1. */
function kellyQuarter(r: Float64Array, riskShare: number): number {
  let sum = 0
  let squares = 0
  for (const each of r) {
    sum += each
    squares += each * each
  }
  return squares > 0 ? sized((0.25 * sum) / squares / riskShare) : 1
}

export type SizerBaselineInput = {
  readonly table: CandidateTable
  /** Fired rows of the fit part, and those that all are judged on, in order of time. */
  readonly fit: Int32Array
  readonly judged: Int32Array
  /** Sizer inputs of the judged rows. */
  readonly inputs: Float32Array
  /** Share of equity that a trade of size 1 risks. */
  readonly riskShare: number
  readonly champion?: Champion | undefined
}

export async function sizerBaselines(input: SizerBaselineInput): Promise<Record<string, Statistics>> {
  const { table, fit, judged, inputs, riskShare, champion } = input
  const r = outcomesOf(table, judged)
  const volatility = (row: number): number => table.features[row * FEATURE_COUNT + VOLATILITY]!
  const usual = median(Float64Array.from(fit, volatility))
  const constant = (size: number): Float32Array => new Float32Array(judged.length).fill(size)
  const last = await champion?.answer('rl_sizer', inputs, judged.length)
  return {
    constant: sizerStatistics(constant(1), r),
    quarterKelly: sizerStatistics(constant(kellyQuarter(outcomesOf(table, fit), riskShare)), r),
    volatilityTarget: sizerStatistics(
      Float32Array.from(judged, row => (volatility(row) > 0 ? sized(usual / volatility(row)) : 1)),
      r,
    ),
    ...(last === undefined ? {} : { lastModel: sizerStatistics(last.values, r) }),
  }
}
