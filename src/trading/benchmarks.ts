// What a backtest is held against: the market itself, doing nothing, chance, and the release in charge (BT-06).

import type { Rng } from '../base/rng.ts'
import type { Bar } from '../market/bar.ts'
import type { ClosedTrade } from '../market/trade.ts'
import { drawdown } from '../math/performance.ts'
import { mean } from '../math/statistics.ts'
import type { Benchmarks } from './backtest-report.ts'
import { type RandomEntriesOptions, randomEntries, spread } from './random-entries.ts'
import type { Run } from './run.ts'

/** From the first decided bar, where the models could first have bought, to the last. */
export function buyAndHold(bars: readonly Bar[], firstReady: number, capital: number): Benchmarks['buyAndHold'] {
  const equity = new Float64Array(bars.length).fill(capital)
  if (firstReady < 0) return { returnPct: 0, maxDrawdown: 0, equity }
  const closes = bars.slice(firstReady).map(({ close }) => close)
  const first = closes[0]!
  equity.set(
    closes.map(close => (capital * close) / first),
    firstReady,
  )
  return { returnPct: 100 * (closes.at(-1)! / first - 1), maxDrawdown: drawdown(closes).fraction, equity }
}

export function randomBenchmark(
  options: Omit<RandomEntriesOptions, 'trades' | 'longShare' | 'rng'>,
  trades: readonly ClosedTrade[],
  rng: Rng,
): Benchmarks['random'] {
  const longShare = trades.filter(({ side }) => side === 1).length / trades.length
  const rising = randomEntries({ ...options, trades: trades.length, longShare, rng })
  if (rising.length === 0) return null
  const own = mean(trades.map(({ r }) => r))
  return { runs: rising.length, meanR: spread(rising), beaten: rising.filter(r => r < own).length / rising.length }
}

export function returnPctOf({ equity }: Run, capital: number): number {
  return 100 * (equity.at(-1)! / capital - 1)
}

export function incumbentBenchmark(made: Run, capital: number): NonNullable<Benchmarks['incumbent']> {
  return {
    returnPct: returnPctOf(made, capital),
    maxDrawdown: drawdown(made.equity).fraction,
    trades: made.trades.length,
  }
}
