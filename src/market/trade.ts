// Orders, fills and closed trades. Prices are whole steps of the instrument, money is millionths of the currency, quantity lots.

export type Side = 1 | -1

export type OrderRole = 'entry' | 'stop' | 'target' | 'exit'

/** Distances in steps from the entry's fill price; both positive, already rounded toward the entry (UNI-04). */
export type Bracket = {
  readonly stop: number
  readonly target: number
  /** Bars after the entry bar until the position is closed at the market. */
  readonly maxBars: number
}

export type Order = {
  /** clientOrderId (ORD-01): the same decision can never make two orders. */
  readonly id: string
  readonly decisionId: string
  readonly releaseId: string
  readonly symbol: string
  readonly strategy: string
  readonly side: Side
  readonly quantity: number
  readonly role: OrderRole
  readonly type: 'market' | 'limit' | 'stop'
  /** Limit or stop price in steps. */
  readonly price: number | undefined
  readonly bracket: Bracket | undefined
  readonly createdAt: number
}

export type Fill = {
  readonly tradeId: string
  readonly orderId: string
  readonly decisionId: string
  readonly symbol: string
  readonly side: Side
  readonly quantity: number
  readonly role: OrderRole
  readonly price: number
  /** Steps against us relative to the reference price. */
  readonly slippage: number
  readonly commissionMicros: number
  readonly time: number
}

export type ExitReason = 'stop' | 'target' | 'time' | 'flatten' | 'end'

export type ClosedTrade = {
  readonly decisionId: string
  readonly releaseId: string
  readonly symbol: string
  readonly strategy: string
  readonly side: Side
  readonly quantity: number
  readonly entry: number
  readonly exit: number
  readonly entryTime: number
  readonly exitTime: number
  readonly exitReason: ExitReason
  readonly grossMicros: number
  readonly costsMicros: number
  /** Of the costs, what holding overnight cost; absent where the instrument has no such costs. */
  readonly carryMicros?: number
  readonly netMicros: number
  /** Planned loss of UNI-02, costs included. */
  readonly plannedLossMicros: number
  /** net / planned loss. */
  readonly r: number
  readonly slippage: number
}
