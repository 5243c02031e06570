// Everything one decision's fills add up to, whatever order they come in, and the closed trade it becomes.

import type { Instrument } from '../market/instrument.ts'
import { stepValueMicros } from '../market/instrument.ts'
import type { ClosedTrade, ExitReason, Order, Side } from '../market/trade.ts'
import { roundTripCostsMicros } from './fills.ts'

export type Lot = {
  readonly side: Side
  entered: number
  /** Sum of quantity x price in steps. */
  entryCost: number
  entryTime: number
  exited: number
  exitCost: number
  exitTime: number
  /** Commissions and carry. */
  feesMicros: number
  carryMicros: number
  /** Sum of quantity x steps against us. */
  slippage: number
}

export function newLot(side: Side): Lot {
  return {
    side,
    entered: 0,
    entryCost: 0,
    entryTime: Infinity,
    exited: 0,
    exitCost: 0,
    exitTime: -Infinity,
    feesMicros: 0,
    carryMicros: 0,
    slippage: 0,
  }
}

/** Profit of what both sides bought and sold so far plus the rest at the mark, without fees; exact once the lot is whole. */
export function openProfitMicros(lot: Lot, markSteps: number | undefined, stepValue: number): number {
  const held = lot.entered - lot.exited
  // Before the first mark the rest stands at its own cost.
  const rest = markSteps === undefined ? (lot.entryCost / Math.max(1, lot.entered)) * held : held * markSteps
  return Math.round(lot.side * (lot.exitCost + rest - lot.entryCost) * stepValue)
}

/** The trade of a lot whose exits equal its entries. R is net profit over the loss planned at entry (UNI-02). */
export function closeLot(lot: Lot, order: Order, exitReason: ExitReason, instrument: Instrument): ClosedTrade {
  const grossMicros = lot.side * (lot.exitCost - lot.entryCost) * stepValueMicros(instrument)
  const netMicros = grossMicros - lot.feesMicros
  const stop = order.bracket?.stop ?? 0
  const plannedLossMicros =
    lot.entered * stop * stepValueMicros(instrument) + roundTripCostsMicros(instrument, lot.entered)
  return {
    decisionId: order.decisionId,
    releaseId: order.releaseId,
    symbol: order.symbol,
    strategy: order.strategy,
    side: lot.side,
    quantity: lot.entered,
    entry: lot.entryCost / lot.entered,
    exit: lot.exitCost / lot.exited,
    entryTime: lot.entryTime,
    exitTime: lot.exitTime,
    exitReason,
    grossMicros,
    costsMicros: lot.feesMicros,
    ...(lot.carryMicros === 0 ? {} : { carryMicros: lot.carryMicros }),
    netMicros,
    plannedLossMicros,
    r: netMicros / plannedLossMicros,
    slippage: lot.slippage / lot.entered,
  }
}
