// What holding a position overnight costs or brings (BRK-01): borrow and funding by the day, dividends on their day.

import { DAY_MS } from '../market/bar.ts'
import type { Instrument } from '../market/instrument.ts'
import type { Side } from '../market/trade.ts'

const YEAR_DAYS = 365

export type CarryQuestion = {
  readonly side: Side
  readonly lots: number
  /** Price at which it stands. */
  readonly price: number
  /** Trade dates `YYYY-MM-DD`: held at the end of the first, and into the second. */
  readonly from: string
  readonly to: string
}

/**
 * Millionths that are paid, negative where they are received; 0 for an instrument that has none of them. Rates are simple, a day a 365th.
 * Whoever holds into the day a dividend is cut off gets it, and pays it when short.
 *
 * @example
 * carryMicros({ ...instrument, carry: { longPercent: 0, shortPercent: 3.65 } }, { side: -1, lots: 100, price: 50, from, to }) // $0.50 a day
 */
export function carryMicros(instrument: Instrument, { side, lots, price, from, to }: CarryQuestion): number {
  const { carry, dividends = [], pointValue } = instrument
  const days = Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS)
  const rate = carry === undefined ? 0 : (side === 1 ? carry.longPercent : carry.shortPercent) / 100
  const held = (lots * price * pointValue * rate * days) / YEAR_DAYS
  const due = dividends.reduce((sum, { exDate, amount }) => sum + (exDate > from && exDate <= to ? amount : 0), 0)
  return Math.round((held - side * lots * pointValue * due) * 1e6)
}
