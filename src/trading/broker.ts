// Whoever executes orders, as a port: paper, backtest and venues look the same to the engine (BRK-08).

import type { Outcome } from '../base/fault.ts'
import type { Bar } from '../market/bar.ts'
import type { Fill, Order } from '../market/trade.ts'

export type BrokerStatus = {
  /** Last price in steps; undefined before the first. */
  readonly price: number | undefined
  /** Symbol -> signed lots; flat symbols are absent. */
  readonly positions: ReadonlyMap<string, number>
  /** Accepted and neither filled, cancelled nor expired, protective orders included. */
  readonly working: readonly Order[]
  /** 0 disconnected .. 100 healthy. */
  readonly health: number
}

export interface Broker {
  /**
   * Takes an order or refuses it; an entry carries its bracket, an exit may be of a part. Fills never come back from here.
   * Refusals: `BROKER_DISCONNECTED`, `DUPLICATE`, `ORDER_QUANTITY`, `ORDER_PRICE`, `NO_STOP`.
   */
  place(order: Order): Outcome<undefined>
  /** False where no such order works any more. */
  cancel(orderId: string): boolean
  /**
   * Moves the stop of a position nearer to the price. False where nothing is held, or the stop would stand as far away as it does or
   * further: a stop is never widened.
   *
   * @param stop price in steps
   */
  tighten(decisionId: string, stop: number): boolean
  status(): BrokerStatus
  /** Cancels entries that work and takes no further order; positions and their protection stay. */
  disconnect(): void
}

/** One closed bar as a bar-driven broker needs it. */
export type MarketBar = {
  readonly bar: Bar
  /** Index into SESSIONS. */
  readonly session: number
  /** ATR14 in price, as known before the bar opened. */
  readonly atr: number
  /** Spread in basis points of mid, as known before the bar opened. */
  readonly spreadBps: number
  /** The same time in finer bars, where somebody supplied them: they tell whether stop or target came first. */
  readonly finer?: readonly Bar[] | undefined
}

/** A broker whose time is bars: orders placed before a bar fill inside it. */
export interface BarBroker extends Broker {
  /** The fills that this bar makes, in the order they happen. */
  onBar(market: MarketBar): readonly Fill[]
  /** Closes the position at this bar's close: the end of a backtest, where no next bar exists. */
  settle(market: MarketBar): readonly Fill[]
}
