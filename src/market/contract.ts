// Futures contracts: what a code such as ESZ5 means, when the contract expires, and when it stops being the front one (DATA-10, INS-02).

import { Fault } from '../base/fault.ts'
import { dayLabel, labelDay, weekday } from './calendars/zone.ts'
import { type CalendarName, cashInstrument, FUTURES, type Instrument, knownInstrument } from './instrument.ts'

/** Quarterly months of index futures by their letters. */
const MONTHS: Readonly<Record<string, number>> = { H: 3, M: 6, U: 9, Z: 12 }
const LETTERS = Object.keys(MONTHS)

/** Calendar days before expiry on which the next contract takes over; expiry is a Friday, so this is a Thursday. */
const ROLL_DAYS = 8

export type Contract = {
  readonly root: string
  readonly year: number
  /** 3, 6, 9 or 12. */
  readonly month: number
  /** With the whole year, so that it means one contract: `ESZ2025`. */
  readonly code: string
}

export const contractOf = (root: string, year: number, month: number): Contract => {
  const letter = LETTERS.find(name => MONTHS[name] === month)!
  return { root, year, month, code: `${root}${letter}${year}` }
}

/** Third Friday of the contract's month, `YYYY-MM-DD`. */
export function expiryOf({ year, month }: Contract): string {
  const first = Date.UTC(year, month - 1, 1) / 86_400_000
  return dayLabel(first + ((5 - weekday(first) + 7) % 7) + 14)
}

/** First trade date of the next contract at the latest. */
export const rollDateOf = (contract: Contract): string => dayLabel(labelDay(expiryOf(contract)) - ROLL_DAYS)

/** @example nextContract(contractOf('ES', 2025, 12)).code // 'ESH2026' */
export const nextContract = ({ root, year, month }: Contract): Contract =>
  month === 12 ? contractOf(root, year + 1, 3) : contractOf(root, year, month + 3)

const CODE = /^([A-Z0-9]{1,4}?)([HMUZ])(\d{1,2}|\d{4})$/

/**
 * A code with one, two or four digits of the year. With fewer than four it is the first such contract that expires on or after the day;
 * without a day only whole years are understood.
 *
 * @param lastDay `YYYY-MM-DD` on which it traded
 * @example parseContract('ESZ5', '2025-11-03')?.code // 'ESZ2025'
 */
export function parseContract(code: string, lastDay?: string): Contract | undefined {
  const [, root, letter, digits] = CODE.exec(code) ?? []
  if (root === undefined || !FUTURES.some(({ symbol }) => symbol === root)) return undefined
  const month = MONTHS[letter!]!
  if (digits!.length === 4) return contractOf(root, Number(digits), month)
  if (lastDay === undefined) return undefined
  const span = 10 ** digits!.length
  for (let year = Number(lastDay.slice(0, 4)); ; year++) {
    const contract = contractOf(root, year, month)
    if (year % span === Number(digits) && expiryOf(contract) >= lastDay) return contract
  }
}

/** The instrument that a whole contract code trades; undefined where the code is none. */
export function contractInstrument(code: string): Instrument | undefined {
  const contract = parseContract(code)
  const root = FUTURES.find(({ symbol }) => symbol === contract?.root)
  return root === undefined ? undefined : { ...root, symbol: code }
}

/** What a symbol stands for: a known or declared instrument, a contract, else cash on that calendar. */
export function instrumentOf(symbol: string, calendar: CalendarName, declared: readonly Instrument[]): Instrument {
  return knownInstrument(symbol, declared) ?? contractInstrument(symbol) ?? cashInstrument(symbol, calendar)
}

/** Fault: `INSTRUMENT_UNKNOWN`. */
export function requireContract(code: string, lastDay: string): Contract {
  const contract = parseContract(code, lastDay)
  if (contract !== undefined) return contract
  throw new Fault('INSTRUMENT_UNKNOWN', `${code.slice(0, 20)} is no contract that is known here`, {
    place: '--contract',
    fix: `give a root (${FUTURES.map(({ symbol }) => symbol).join(', ')}), a month (${LETTERS.join(', ')}) and a year, e.g. ESZ5`,
  })
}
