// Lots that a decision holds and the orders that may end them: the OCO pair of its bracket, the time exit, a flatten.

import type { Order, OrderRole, Side } from '../market/trade.ts'
import { clientOrderId, type OrderLeg } from './decision-id.ts'

export type Held = {
  readonly entry: Order
  lots: number
  /** Prices in steps, distances from the first entry fill. */
  stop: Order
  readonly target: Order
  /** Bars since the entry bar, which is 0. */
  bars: number
  /** Present: as many lots as it is for leave at the market with the next open. */
  leaving: Order | undefined
}

/** An order that ends a position of `entry`, on the other side. */
export function exitOrder(account: string, entry: Order, leg: OrderLeg, role: OrderRole): Order {
  const side: Side = entry.side === 1 ? -1 : 1
  const id = clientOrderId(account, entry.strategy, entry.decisionId, leg)
  return { ...entry, id, side, role, type: 'market', price: undefined, bracket: undefined }
}

/** @param fillPrice of the entry's first fill, in steps */
export function hold(account: string, entry: Order, lots: number, fillPrice: number): Held {
  const { stop, target } = entry.bracket!
  return {
    entry,
    lots,
    stop: { ...exitOrder(account, entry, 'stop', 'stop'), type: 'stop', price: fillPrice - entry.side * stop },
    target: { ...exitOrder(account, entry, 'target', 'target'), type: 'limit', price: fillPrice + entry.side * target },
    bars: 0,
    leaving: undefined,
  }
}
