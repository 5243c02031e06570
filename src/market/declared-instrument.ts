// Instruments that a configuration declares beside the built-in ones: equities, currency pairs, coins, other futures (INS-01, UNI-01).

import { z } from 'zod'
import { CALENDAR_NAMES, type Instrument, knownInstrument } from './instrument.ts'

const steps = z.number().min(0)
/** Beyond this somebody meant basis points. */
const rate = z.number().min(-1000).max(1000).default(0)
const inSessions = z.strictObject({ rth: steps, eth: steps })
const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.abs(b)

const declaredInstrument = z
  .strictObject({
    /** The symbol, matched whole. Contracts of it (a month behind it) are not told apart. */
    root: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.:_/-]{0,31}$/, 'a symbol is expected'),
    kind: z.enum(['future', 'cash']).default('cash'),
    calendar: z.enum(CALENDAR_NAMES),
    currency: z.literal('USD', 'USD is expected: the account is in dollars, and nothing is converted').default('USD'),
    /** Smallest step of a price. */
    tick: z.number().positive(),
    /** Dollars that a lot gains by a tick. */
    tickValue: z.number().positive(),
    /** Units of the traded thing in a lot. */
    lot: z.number().positive().default(1),
    /** Dollars that a lot gains by a point; absent: the lot's units. */
    pointValue: z.number().positive().optional(),
    /** Dollars a lot. */
    commissionPerSide: z.number().min(0).default(0),
    /** Percent of the notional a year for holding overnight: funding of longs, borrow or funding of shorts; negative is received. */
    carry: z.strictObject({ longPercent: rate, shortPercent: rate }).optional(),
    /** Dollars a unit, for bars that are not adjusted for them. */
    dividends: z.array(z.strictObject({ exDate: z.iso.date(), amount: z.number().positive() })).optional(),
    /** Ticks, at least, of a market or stop fill. */
    minSlippage: inSessions.default({ rth: 0, eth: 0 }),
    /** Ticks beyond which nothing is entered; absent: not checked. */
    maxEntrySpread: inSessions.optional(),
    /** Lots at most; absent: 5 of a future, and what the notional cap allows of anything else. */
    maxPosition: z.int().positive().optional(),
    /** Of the account's cap of mini-equivalents, by lot. Absent: 1 of a future. */
    miniEquivalent: z.number().min(0).optional(),
    /** Instruments of one family always count as correlated; absent: its own. */
    family: z.string().min(1).optional(),
  })
  .superRefine(({ root, kind, tick, tickValue, lot, pointValue = lot }, context) => {
    const refuse = (path: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [path], message: `${root}: ${message}` })
    }
    if (!near(tickValue, tick * pointValue)) {
      refuse('tickValue', `tickValue ${tickValue} is not tick ${tick} x pointValue ${pointValue}`)
    }
    if (kind === 'cash' && !near(pointValue, lot)) refuse('pointValue', `a lot of ${lot} gains ${lot} a point`)
    const micros = tickValue * 1e6
    if (Math.round(micros) < 1 || !near(Math.round(micros), micros)) {
      refuse('tickValue', 'money is counted in millionths: tickValue must be a whole number of them')
    }
  })

export type DeclaredInstrument = z.infer<typeof declaredInstrument>

/** Key `instruments`. */
export const declaredInstruments = z
  .array(declaredInstrument)
  .superRefine((all, context) => {
    for (const [index, { root }] of all.entries()) {
      const twice = all.findIndex(other => other.root === root) < index
      if (!twice && knownInstrument(root) === undefined) continue
      const message = `${root} is ${twice ? 'declared twice' : 'built in'}`
      context.addIssue({ code: 'custom', path: [index, 'root'], message })
    }
  })
  .default([])

/** @example instrumentsOf([{ root: 'AAPL', calendar: 'nyse', tick: 0.01, tickValue: 0.01, ... }])[0].pointValue // 1 */
export function instrumentsOf(declared: readonly DeclaredInstrument[]): readonly Instrument[] {
  return declared.map(({ root, tick, ...own }) => {
    const future = own.kind === 'future'
    const { kind, currency, calendar, commissionPerSide, minSlippage } = own
    return {
      symbol: root,
      kind,
      currency,
      calendar,
      tickSize: tick,
      step: tick,
      pointValue: own.pointValue ?? own.lot,
      commissionPerSide,
      ...(own.carry && { carry: own.carry }),
      ...(own.dividends && { dividends: own.dividends }),
      minSlippage,
      maxEntrySpread: own.maxEntrySpread,
      miniEquivalent: own.miniEquivalent ?? (future ? 1 : 0),
      maxPosition: own.maxPosition ?? (future ? 5 : undefined),
      family: own.family ?? root,
    }
  })
}
