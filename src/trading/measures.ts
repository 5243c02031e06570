// The figures of MET for one run, each with its evidence or the reason why there is none (BT-09).

import type { Rng } from '../base/rng.ts'
import type { ClosedTrade } from '../market/trade.ts'
import { bootstrapInterval } from '../math/bootstrap.ts'
import { calmar, cvar, drawdown, sharpe, sharpePerTrade, sharpeRatio, sortino } from '../math/performance.ts'
import { expectancy, profitFactor, winRate } from '../math/trade-performance.ts'
import type { Measures } from './backtest-report.ts'

/**
 * @param returns one a trade date
 * @param perYear 252; crypto 365
 */
export function measuresOf(
  equity: Float64Array,
  returns: Float64Array,
  trades: readonly ClosedTrade[],
  perYear: number,
  rng: Rng,
): Measures {
  const r = trades.map(trade => trade.r)
  const net = trades.map(({ netMicros }) => netMicros)
  const evidence = { trades: trades.length, perYear }
  const ratio = sharpe(returns, evidence)
  const statistic = (sample: Float64Array): number => sharpeRatio(sample, { perYear })
  return {
    sharpe: {
      ...ratio,
      interval: ratio.value === null ? null : bootstrapInterval(returns, statistic, { rng, resamples: 2000 }),
    },
    sharpePerTrade: sharpePerTrade(r),
    sortino: sortino(returns, evidence),
    calmar: calmar(equity, returns.length, evidence),
    cvar: cvar(returns, evidence),
    profitFactor: profitFactor(net),
    expectancy: expectancy(r),
    winRate: winRate(net),
    drawdown: drawdown(equity),
  }
}
