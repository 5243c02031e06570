// What a backtest says, as plain data: figures with their evidence, what they are held against, and every trade (BT-05, BT-06, BT-07).

import type { Provenance } from '../market/bar.ts'
import type { ClosedTrade } from '../market/trade.ts'
import type { Interval } from '../math/bootstrap.ts'
import type { Measure } from '../math/measure.ts'
import type { Drawdown } from '../math/performance.ts'
import type { Rate } from '../math/trade-performance.ts'
import type { Excursion, TradeGroup } from './breakdown.ts'
import type { LeakReport } from './leak-lint.ts'
import type { MonteCarlo } from './monte-carlo.ts'

export type TradeLine = ClosedTrade & Excursion & { readonly regime: string; readonly session: string }

export type Measures = {
  /** With a 95 % bootstrap interval where there is a number. */
  readonly sharpe: Measure & { readonly interval: Interval | null }
  readonly sharpePerTrade: Measure
  readonly sortino: Measure
  readonly calmar: Measure
  /** Mean of the worst 5 % of sessions. */
  readonly cvar: Measure
  readonly profitFactor: Measure
  /** Mean net R. */
  readonly expectancy: Measure
  readonly winRate: Rate
  readonly drawdown: Drawdown
}

export type Benchmarks = {
  /** Fully invested, unlevered, no costs, from the first decided bar to the last. */
  readonly buyAndHold: {
    readonly returnPct: number
    readonly maxDrawdown: number
    /** Dollars at each bar's close; the capital before the first decided bar. */
    readonly equity: Float64Array
  }
  readonly alwaysFlat: { readonly returnPct: 0 }
  /** Mean net R of random entries with the same number, sides and exits; null without a trade to compare. */
  readonly random: {
    readonly runs: number
    readonly meanR: { readonly low: number; readonly median: number; readonly high: number }
    /** Share of the runs that did worse. */
    readonly beaten: number
  } | null
  /** The release that would be replaced, over the same bars. */
  readonly incumbent: { readonly returnPct: number; readonly maxDrawdown: number; readonly trades: number } | null
}

/** One trade date. */
export type SessionReturn = {
  readonly date: string
  /** When its last bar was known, ms UTC. */
  readonly time: number
  /** Net, as a fraction of the equity at its start. */
  readonly return: number
}

export type BacktestReport = {
  readonly schema: 'ratchet.backtest/1'
  /** The first line: what was earned and what was beaten, or that nothing was. */
  readonly sentence: string
  /** What the run was held against, in the order of the sentence. */
  readonly against: Beaten
  readonly symbol: string
  readonly provenance: Provenance
  readonly snapshotId: string
  readonly seed: number | string
  readonly bars: number
  /** knownAt of the first and last bar, ms UTC. */
  readonly from: number
  readonly to: number
  readonly capital: number
  /** One step of the instrument in price: the unit of entries and exits. */
  readonly step: number
  /** Sessions a year by which ratios are annualised. */
  readonly perYear: number
  readonly assumptions: readonly string[]
  /** SHA-256 over every fill and equity point. */
  readonly fingerprint: string
  readonly trades: readonly TradeLine[]
  /** When each bar was known, ms UTC. */
  readonly times: Float64Array
  /** Close of each bar, in price. */
  readonly closes: Float64Array
  /** Marked equity at each bar's close, dollars. */
  readonly equity: Float64Array
  readonly sessions: readonly SessionReturn[]
  readonly maxDrawdown: number
  readonly returnPct: number
  readonly buyAndHoldPct: number
  readonly measures: Measures
  readonly benchmarks: Benchmarks
  readonly monteCarlo: MonteCarlo
  readonly groups: Readonly<
    Record<
      'strategy' | 'regime' | 'session' | 'hour' | 'release' | 'month' | 'exit',
      Readonly<Record<string, TradeGroup>>
    >
  >
  readonly decisions: {
    readonly outcomes: Readonly<Record<string, number>>
    /** First blocking reason of each decision that did not enter. */
    readonly reasons: Readonly<Record<string, number>>
  }
  readonly costs: {
    readonly commissionDollars: number
    /** Borrow, funding and dividends; negative was received. */
    readonly carryDollars: number
    readonly slippageDollars: number
    readonly shareOfCapital: number
  }
  /** Share of bars with an open position. */
  readonly exposure: number
  /** Traded notional, both sides, over capital. */
  readonly turnover: number
  /** Drawdown halts that ended by themselves. */
  readonly resumed: number
  /** Null where it was not asked for. */
  readonly leak: LeakReport | null
}

export type Beaten = readonly { readonly name: string; readonly beaten: boolean }[]

/**
 * @example
 * firstLine(2, 3, [{ name: 'staying flat', beaten: true }, { name: 'buy and hold', beaten: false }])
 * // 'Beats staying flat, but not buy and hold: +2.0 % on 3 trades.'
 */
export function firstLine(returnPct: number, trades: number, against: Beaten): string {
  const result = `${returnPct >= 0 ? '+' : ''}${returnPct.toFixed(1)} % on ${trades} trades`
  const listed = (beaten: boolean, last: string): string => {
    const names = against.filter(each => each.beaten === beaten).map(({ name }) => name)
    return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${last} ${names.at(-1)}`
  }
  if (!against.some(({ beaten }) => beaten)) return `Beats none of ${listed(false, 'and')}: ${result}.`
  const rest = against.every(({ beaten }) => beaten) ? '' : `, but not ${listed(false, 'or')}`
  return `Beats ${listed(true, 'and')}${rest}: ${result}.`
}
