// The trades of the sizer's role as the world that it learns in.

import type { CandidateTable } from '../../trading/candidate-table.ts'
import type { SizerTrades } from '../roles/sizer.ts'
import type { SizerMarket } from './sizer-environment.ts'

/** RL-01: share of a trade's slippage that each unit of size above 1 costs again. */
const KAPPA = 0.1

export type SizerMarketInput = {
  readonly table: CandidateTable
  readonly trades: SizerTrades
  readonly sessionOf: (timeMs: number) => string
  /** Raw inputs to what the network sees. */
  readonly scale: SizerMarket['scale']
  readonly drawdownLimitR: number
}

export function sizerMarket({ table, trades, sessionOf, scale, drawdownLimitR }: SizerMarketInput): SizerMarket {
  const { rows, inputs, r, slipR } = trades
  const time = Float64Array.from(rows, row => table.time[row]!)
  const labelEnd = Float64Array.from(rows, row => table.labelEnd[row]!)
  return {
    inputs,
    r,
    slipR,
    time,
    labelEnd,
    session: Array.from(time, sessionOf),
    endSession: Array.from(labelEnd, sessionOf),
    scale,
    kappa: KAPPA,
    drawdownLimitR,
  }
}

/** Trades from one place to another, the account starting afresh. */
export function marketPart(market: SizerMarket, from: number, to: number): SizerMarket {
  const width = market.inputs.length / market.r.length
  return {
    ...market,
    inputs: market.inputs.subarray(from * width, to * width),
    r: market.r.subarray(from, to),
    slipR: market.slipR.subarray(from, to),
    time: market.time.subarray(from, to),
    labelEnd: market.labelEnd.subarray(from, to),
    session: market.session.slice(from, to),
    endSession: market.endSession.slice(from, to),
  }
}
