// The fills that one bar allows: what a fill costs in it, how much volume is left, and the deterministic name and time of each.

import { type Bar, isDaily } from '../market/bar.ts'
import { type Instrument, toSteps } from '../market/instrument.ts'
import type { Fill, Order, OrderRole } from '../market/trade.ts'
import type { MarketBar } from './broker.ts'
import { slippageSteps } from './fills.ts'

export type FillRules = {
  readonly instrument: Instrument
  readonly barMs: number
  readonly hasVolume: boolean
  /** Share of a bar's volume that may fill. */
  readonly participation: number
}

export type FillWish = {
  /** The order that fills, on its own side. */
  readonly order: Order
  readonly role: OrderRole
  readonly quantity: number
  /** Steps. */
  readonly price: number
  readonly slippage: number
  /** Filled with the bar's first trade. */
  readonly atOpen: boolean
}

type WholeSteps = { readonly open: number; readonly high: number; readonly low: number; readonly close: number }

export interface BarFills {
  readonly made: readonly Fill[]
  /** The bar in whole steps. */
  readonly shape: WholeSteps
  /** Another bar in whole steps. */
  steps(bar: Bar): WholeSteps
  /** Steps that a market or stop fill of so many lots loses in this bar. */
  slippage(quantity: number): number
  /** Fills what the volume still allows; gives the lots that were. */
  take(wish: FillWish): number
}

/** @param counts order id -> fills it had before, which number its next one */
export function barFills(rules: FillRules, market: MarketBar, counts: Map<string, number>): BarFills {
  const { instrument, hasVolume } = rules
  const { bar, session, atr, spreadBps } = market
  const steps = ({ open, high, low, close }: Bar): WholeSteps => ({
    open: toSteps(instrument, open),
    high: toSteps(instrument, high),
    low: toSteps(instrument, low),
    close: toSteps(instrument, close),
  })
  const made: Fill[] = []
  const capped = hasVolume && rules.participation !== Infinity
  let room = capped ? Math.floor(rules.participation * bar.volume) : Infinity
  const conditions = {
    instrument,
    rth: session === 0,
    atr,
    spreadBps,
    price: bar.open,
    barVolume: bar.volume,
    hasVolume,
  }
  return {
    made,
    shape: steps(bar),
    steps,
    slippage: quantity => slippageSteps(conditions, quantity),
    take({ order, role, quantity, price, slippage, atOpen }) {
      const lots = Math.min(quantity, room)
      if (lots === 0) return 0
      room -= lots
      const count = (counts.get(order.id) ?? 0) + 1
      counts.set(order.id, count)
      made.push({
        tradeId: `${order.id}.${count}`,
        orderId: order.id,
        decisionId: order.decisionId,
        symbol: order.symbol,
        side: order.side,
        quantity: lots,
        role,
        price,
        slippage,
        commissionMicros: Math.round(instrument.commissionPerSide * lots * 1e6),
        // Inside a bar the moment is unknown, and the label of a daily bar is no instant: then the bar's end.
        time: atOpen && !isDaily(rules.barMs) ? bar.time : bar.knownAt,
      })
      return lots
    },
  }
}
