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
  readonly buyAndHold: { readonly returnPct: number; readonly maxDrawdown: number }
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

export type BacktestReport = {
  readonly schema: 'ratchet.backtest/1'
  /** The first line: what was earned and what was beaten, or that nothing was. */
  readonly sentence: string
  readonly symbol: string
  readonly provenance: Provenance
  readonly snapshotId: string
  readonly seed: number | string
  readonly bars: number
  /** knownAt of the first and last bar, ms UTC. */
  readonly from: number
  readonly to: number
  readonly capital: number
  readonly assumptions: readonly string[]
  /** SHA-256 over every fill and equity point. */
  readonly fingerprint: string
  readonly trades: readonly TradeLine[]
  /** Marked equity at each bar's close, dollars. */
  readonly equity: Float64Array
  readonly maxDrawdown: number
  readonly returnPct: number
  readonly buyAndHoldPct: number
  readonly measures: Measures
  readonly benchmarks: Benchmarks
  readonly monteCarlo: MonteCarlo
  readonly groups: Readonly<
    Record<'strategy' | 'regime' | 'session' | 'release' | 'month' | 'exit', Readonly<Record<string, TradeGroup>>>
  >
  readonly decisions: {
    readonly outcomes: Readonly<Record<string, number>>
    /** First blocking reason of each decision that did not enter. */
    readonly reasons: Readonly<Record<string, number>>
  }
  readonly costs: {
    readonly commissionDollars: number
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
 * firstLine(-1.2, 3, [{ name: 'always flat', beaten: false }]) // 'Beats none of always flat: -1.2 % on 3 trades.'
 */
export function firstLine(returnPct: number, trades: number, against: Beaten): string {
  const result = `${returnPct >= 0 ? '+' : ''}${returnPct.toFixed(1)} % on ${trades} trades`
  const names = (beaten: boolean): string =>
    against
      .filter(each => each.beaten === beaten)
      .map(({ name }) => name)
      .join(', ')
  if (names(true) === '') return `Beats none of ${names(false)}: ${result}.`
  const rest = names(false) === '' ? '' : `, not ${names(false)}`
  return `Beats ${names(true)}${rest}: ${result}.`
}
