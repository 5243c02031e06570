// The role `rl_sizer`: how large a trade should be, fitted on the fired candidates; size 1 where that is not worth it (RL-07).

import type { Rng } from '../../base/rng.ts'
import type { FeatureColumn } from '../../market/feature-schema.ts'
import { SIZER_COLUMNS, SIZER_EXTRA } from '../../market/roles.ts'
import { fitPrelude, type Prelude } from '../../models/prelude.ts'
import { sizers } from '../../models/rl/index.ts'
import type { Watch } from '../../models/watch.ts'
import type { CandidateTable } from '../../trading/candidate-table.ts'
import { accountPath } from '../account-path.ts'
import { candidatesOf, type Dataset } from '../dataset.ts'
import type { SizerRoleOptions } from '../options.ts'
import { gatherRows, outcomesOf } from '../rows.ts'
import type { RoleModel } from './role-model.ts'

/** Fired candidates in order of time, as the sizer sees them. */
export type SizerTrades = {
  readonly rows: Int32Array
  /** Row-major, 8 + 2 columns. */
  readonly inputs: Float32Array
  readonly r: Float64Array
  /** Slippage of each trade in R. */
  readonly slipR: Float64Array
  readonly weights: Float64Array
}

const WIDTH = SIZER_COLUMNS.length + SIZER_EXTRA.length

/** Slippage in price over the distance to the stop. */
const slipInR = ({ slip, entry, stop }: CandidateTable, row: number, step: number): number =>
  (slip[row]! * step) / Math.abs(entry[row]! - stop[row]!)

export type SizerTradesInput = {
  readonly data: Dataset
  readonly events: Int32Array
  /** Price of one step of the instrument. */
  readonly step: number
  readonly sessionOf: (timeMs: number) => string
  readonly drawdownLimitR: number
}

/** The trades of the given events. The account path runs through every fired candidate of the data set, chosen or not. */
export function sizerTrades({ data, events, step, sessionOf, drawdownLimitR }: SizerTradesInput): SizerTrades {
  const { table } = data
  const chosen = candidatesOf(data, events)
  const places = Array.from(chosen.rows.keys()).filter(place => table.fired[chosen.rows[place]!] === 1)
  const rows = Int32Array.from(places, place => chosen.rows[place]!)
  const traded = data.rows.filter(row => table.fired[row] === 1)
  const { sessionR, drawdown } = accountPath({ table, rows, traded, sessionOf, drawdownLimitR })
  const columns = gatherRows(table, rows, SIZER_COLUMNS)
  const inputs = new Float32Array(rows.length * WIDTH)
  for (const at of rows.keys()) {
    inputs.set(columns.subarray(at * SIZER_COLUMNS.length, (at + 1) * SIZER_COLUMNS.length), at * WIDTH)
    inputs[at * WIDTH + SIZER_COLUMNS.length] = sessionR[at]!
    inputs[at * WIDTH + SIZER_COLUMNS.length + 1] = drawdown[at]!
  }
  return {
    rows,
    inputs,
    r: outcomesOf(table, rows),
    slipR: Float64Array.from(rows, row => slipInR(table, row, step)),
    weights: Float64Array.from(places, place => chosen.weight[place]!),
  }
}

export type SizerInput = {
  readonly trades: SizerTrades
  readonly columns: readonly FeatureColumn[]
  readonly options: SizerRoleOptions
  readonly rng: Rng
  readonly watch?: Watch | undefined
}

const preludeOf = ({ trades, columns }: Pick<SizerInput, 'trades' | 'columns'>): Prelude =>
  fitPrelude(trades.inputs, trades.rows.length, columns, { logs: true })

export function fitSizerRole(input: SizerInput): RoleModel {
  const zooId = 'exact_gradient_sizer'
  const { trades, options, rng, watch } = input
  const prelude = preludeOf(input)
  const { r, slipR, weights } = trades
  const inputs = prelude.transform(trades.inputs, r.length)
  const model = sizers[zooId]({ inputs, r, slipR, weights, rng, options, watch })
  return {
    zooId,
    width: WIDTH,
    outputs: 1,
    predict: (rows, count) => model.predict(prelude.transform(rows, count), count),
    mapped: (rows, count) => prelude.transform(rows, count),
    parts: [prelude, model],
    baseline: false,
  }
}

/** Size 1 whatever the row, behind the same prelude, so that a missing value cannot become the answer. */
export function constantSizerRole(input: Pick<SizerInput, 'trades' | 'columns'>): RoleModel {
  const zooId = 'constant_sizer'
  const prelude = preludeOf(input)
  return {
    zooId,
    width: WIDTH,
    outputs: 1,
    predict: (_, count) => new Float32Array(count).fill(1),
    mapped: (rows, count) => prelude.transform(rows, count),
    parts: [prelude, sizers[zooId](1)],
    baseline: true,
  }
}
