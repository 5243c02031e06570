// The contract of a risk rule: it looks at one entry before it leaves and says what it measured against which limit.

import type { CalendarMoment } from '../../market/calendar.ts'
import type { Instrument } from '../../market/instrument.ts'
import type { NewsDistance } from '../../market/news.ts'
import type { RiskCheck } from '../decision.ts'
import type { Exposure } from '../exposure.ts'
import type { Limits } from '../limits.ts'
import type { PortfolioView } from '../portfolio.ts'
import type { LossShares, RiskStateSaved } from '../risk-state.ts'

export type EntryIntent = {
  readonly orderId: string
  readonly symbol: string
  readonly quantity: number
  /** Distances in steps from the entry; a stop of 0 is none. */
  readonly stop: number
  readonly target: number
  /** Percentile of BRN-13, 0..1. */
  readonly confidence: number
}

/** When the order is judged: it goes live with the next bar's open (BRK-01). */
export type RiskMoment = {
  readonly now: number
  /** knownAt of the bar that was decided on. */
  readonly barTime: number
  readonly barMs: number
  /** The calendar where the order goes live; undefined on daily bars, whose label is no instant: the next session is open by definition. */
  readonly live: CalendarMoment | undefined
  /** Index into SESSIONS of the decided bar. */
  readonly session: number
  /** Scheduled news around the moment the order goes live; undefined without a table, and on daily bars. */
  readonly news?: NewsDistance | undefined
}

/** The last close stands for the quote: bars-only form of RSK-09, never live. All in steps. */
export type RiskMarket = {
  readonly price: number
  readonly lastMove: number
  readonly atr: number
  readonly spread: number
}

export type RiskQuestion = {
  readonly intent: EntryIntent
  readonly view: PortfolioView
  readonly state: RiskStateSaved
  readonly shares: LossShares
  readonly limits: Limits
  readonly instrument: Instrument
  readonly moment: RiskMoment
  readonly market: RiskMarket
  /** Orders sent in the last minute and hour, and whether this one, or another entry of its symbol, is still out. */
  readonly orders: { readonly lastMinute: number; readonly lastHour: number; readonly entryOut: boolean }
  /** What the account holds in all instruments, this one included where its returns are known. */
  readonly exposures: readonly Exposure[]
  /** Signed lots that the broker reports; undefined where it does not answer. */
  readonly brokerPosition: number | undefined
}

export interface RiskRule {
  /** `RSK-06`. */
  readonly id: string
  check(question: RiskQuestion): readonly RiskCheck[]
}

/** Admitted up to the limit itself. */
export function atMost(rule: string, code: string, value: number, limit: number): RiskCheck {
  return { rule, code, passed: value <= limit, value, limit, margin: limit - value }
}

/** Admitted from the limit on. */
export function atLeast(rule: string, code: string, value: number, limit: number): RiskCheck {
  return { rule, code, passed: value >= limit, value, limit, margin: value - limit }
}

/** Admitted below the limit: reaching it refuses. */
export function below(rule: string, code: string, value: number, limit: number): RiskCheck {
  return { rule, code, passed: value < limit, value, limit, margin: limit - value }
}

export function yesOrNo(rule: string, code: string, passed: boolean): RiskCheck {
  return { rule, code, passed, value: null, limit: null, margin: null }
}
