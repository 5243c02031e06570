// Closed trades in groups, and how far each ran against and for its holder (BT-05).

import type { Bar } from '../market/bar.ts'
import { type Instrument, toPrice } from '../market/instrument.ts'
import type { ClosedTrade } from '../market/trade.ts'

export type TradeGroup = {
  readonly trades: number
  readonly wins: number
  readonly netDollars: number
  /** Mean net R. */
  readonly meanR: number
}

/**
 * @example
 * tradeGroups(trades, trade => trade.strategy) // { EmaCross: { trades: 3, wins: 1, netDollars: -12.5, meanR: -0.1 } }
 */
export function tradeGroups<T extends ClosedTrade>(
  trades: readonly T[],
  keyOf: (trade: T) => string,
): Readonly<Record<string, TradeGroup>> {
  const groups: Record<string, T[]> = {}
  for (const trade of trades) (groups[keyOf(trade)] ??= []).push(trade)
  return Object.fromEntries(
    Object.entries(groups).map(([key, members]) => [
      key,
      {
        trades: members.length,
        wins: members.filter(({ netMicros }) => netMicros > 0).length,
        netDollars: members.reduce((sum, { netMicros }) => sum + netMicros, 0) / 1e6,
        meanR: members.reduce((sum, { r }) => sum + r, 0) / members.length,
      },
    ]),
  )
}

export type Excursion = {
  /** Farthest that price ran against and for the position between entry and exit, in units of the planned loss; both at least 0. */
  readonly maeR: number
  readonly mfeR: number
}

/** @param bars those from the entry bar to the exit bar, both included */
export function excursion(trade: ClosedTrade, bars: readonly Bar[], instrument: Instrument): Excursion {
  const entry = toPrice(instrument, trade.entry)
  let against = 0
  let favour = 0
  for (const { high, low } of bars) {
    const [worst, best] = trade.side === 1 ? [low, high] : [high, low]
    against = Math.max(against, trade.side * (entry - worst))
    favour = Math.max(favour, trade.side * (best - entry))
  }
  const inR = (points: number): number =>
    (points * instrument.pointValue * trade.quantity * 1e6) / trade.plannedLossMicros
  return { maeR: inR(against), mfeR: inR(favour) }
}
