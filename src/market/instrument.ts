// What is traded: grid, values and costs. Instruments are data; a symbol is matched whole.

import { Fault } from '../base/fault.ts'

export const CALENDAR_NAMES = ['nyse', 'cme-index', 'fx', '24x7'] as const
export type CalendarName = (typeof CALENDAR_NAMES)[number]

export type Instrument = {
  readonly symbol: string
  readonly kind: 'future' | 'cash'
  readonly currency: 'USD'
  readonly calendar: CalendarName
  /** Grid of prices. Absent: the instrument has none, and imported prices are not checked against one. */
  readonly tickSize: number | undefined
  /** The unit in which prices are whole numbers inside the trading domain: the tick, or a millionth where there is none. */
  readonly step: number
  /** Dollars per point per lot (a lot is one contract, share or unit of the base currency). */
  readonly pointValue: number
  readonly commissionPerSide: number
  /** Percent of the notional a year that holding overnight costs: funding of longs, borrow or funding of shorts; negative is received. */
  readonly carry?: { readonly longPercent: number; readonly shortPercent: number } | undefined
  /** Paid in cash on bars that are not adjusted for it; dollars a unit. */
  readonly dividends?: readonly { readonly exDate: string; readonly amount: number }[] | undefined
  /** Widest spread at which an entry is allowed, in steps. Absent: not checked. */
  readonly maxEntrySpread: { readonly rth: number; readonly eth: number } | undefined
  /** Least slippage in steps for a market or stop fill. */
  readonly minSlippage: { readonly rth: number; readonly eth: number }
  /** Present: `minSlippage` is the slippage itself. An index has no book whose spread its bars could reveal. */
  readonly fixedSlippage?: true
  /** Lots of the account's mini-equivalent cap that one lot uses (futures). */
  readonly miniEquivalent: number
  /** Futures: lots allowed; cash: undefined, the notional cap binds instead. */
  readonly maxPosition: number | undefined
  /** Instruments of one family always count as correlated. */
  readonly family: string
}

const future = (
  symbol: string,
  family: string,
  pointValue: number,
  commissionPerSide: number,
  miniEquivalent: number,
  spread: readonly [number, number],
): Instrument => ({
  symbol,
  kind: 'future',
  currency: 'USD',
  calendar: 'cme-index',
  tickSize: 0.25,
  step: 0.25,
  pointValue,
  commissionPerSide,
  maxEntrySpread: { rth: spread[0], eth: spread[1] },
  minSlippage: { rth: 1, eth: 2 },
  miniEquivalent,
  maxPosition: 5,
  family,
})

/** Trading chapter, section 2. Commissions are placeholders for the broker's schedule; reports print the one used. */
export const FUTURES: readonly Instrument[] = [
  future('ES', 'ES', 50, 2.5, 1, [2, 3]),
  future('MES', 'ES', 5, 0.75, 0.1, [2, 3]),
  future('NQ', 'NQ', 20, 2.5, 1, [3, 4]),
  future('MNQ', 'NQ', 2, 0.75, 0.1, [3, 4]),
]

/** The S&P 500 index at the costs of one MES contract: real history, hypothetical execution (DEMO-01). */
export const SPX: Instrument = {
  symbol: 'SPX',
  kind: 'cash',
  currency: 'USD',
  calendar: 'nyse',
  tickSize: 0.01,
  step: 0.01,
  pointValue: 5,
  commissionPerSide: 0.75,
  maxEntrySpread: undefined,
  minSlippage: { rth: 25, eth: 25 },
  fixedSlippage: true,
  miniEquivalent: 0.1,
  maxPosition: 5,
  family: 'SPX',
}

/** A cash instrument without a tick grid: shares, currency pairs, coins. One lot is one unit. */
export function cashInstrument(symbol: string, calendar: CalendarName): Instrument {
  return {
    symbol,
    kind: 'cash',
    currency: 'USD',
    calendar,
    tickSize: undefined,
    step: 1e-6,
    pointValue: 1,
    commissionPerSide: 0,
    maxEntrySpread: undefined,
    minSlippage: { rth: 0, eth: 0 },
    miniEquivalent: 0,
    maxPosition: undefined,
    family: symbol,
  }
}

/** The instrument of that exact symbol: built in, or among those that are declared. */
export function knownInstrument(symbol: string, declared: readonly Instrument[] = []): Instrument | undefined {
  return [...FUTURES, SPX, ...declared].find(instrument => instrument.symbol === symbol)
}

/** What a reader of a result must know of costs that are left out; undefined where there are some. */
export function costGap({ symbol, commissionPerSide, minSlippage }: Instrument): string | undefined {
  const nil = [
    ...(commissionPerSide === 0 ? ['no commission'] : []),
    ...(minSlippage.rth === 0 && minSlippage.eth === 0 ? ['no least slippage'] : []),
  ]
  if (nil.length === 0) return undefined
  return `${nil.join(' and ')} of ${symbol} is declared, and none is counted: declare it under instruments in the configuration`
}

/** Price in whole steps; off-grid prices of futures are refused, others rounded (UNI-01). */
export function toSteps(instrument: Instrument, price: number): number {
  const steps = Math.round(price / instrument.step)
  if (!Number.isFinite(price) || !Number.isSafeInteger(steps)) {
    throw new Fault('PRICE_RANGE', `price ${price} of ${instrument.symbol} is not a finite number of steps below 2^53`)
  }
  if (instrument.kind === 'future' && Math.abs(price - steps * instrument.step) > 1e-6 * instrument.step) {
    throw new Fault('PRICE_OFF_TICK', `price ${price} of ${instrument.symbol} is not a multiple of ${instrument.step}`)
  }
  return steps
}

export function toPrice(instrument: Instrument, steps: number): number {
  return steps * instrument.step
}

/** Money of one step for one lot, in millionths of the currency. ES: 0.25 x $50 = 12,500,000. */
export function stepValueMicros(instrument: Instrument): number {
  return Math.round(instrument.step * instrument.pointValue * 1e6)
}
