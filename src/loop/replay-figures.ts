// What a replay's result is worth: its Sharpe ratio with all tries taken off, and chance beside it (DEMO-05).

import type { Rng } from '../base/rng.ts'
import type { ClosedTrade } from '../market/trade.ts'
import { deflatedSharpe, sharpeEvidence } from '../math/deflated-sharpe.ts'
import type { Measure } from '../math/measure.ts'
import { sharpe } from '../math/performance.ts'
import type { BarEvent } from '../trading/bar-event.ts'
import { randomBenchmark } from '../trading/benchmarks.ts'
import type { Limits } from '../trading/limits.ts'
import { sessionReturns } from '../trading/session-returns.ts'
import { tradeDateOf } from '../trading/trade-date.ts'
import { modelTrials } from './backtest-ledger.ts'
import type { Market } from './import-series.ts'
import type { Ports, State } from './ports.ts'
import type { RunFigures } from './run-event.ts'

export type ReplayFigures = {
  /** Of session returns, annualised. */
  readonly sharpe: Measure
  /** Chance that it is above what luck gives the best of so many tries. */
  readonly deflatedSharpe: Measure
  /** Configurations that this run tried for its models, from the ledger; 1 where only rules decided. */
  readonly trials: number
  /** Share of 1,000 runs of random entries, with the same number, sides and exits, that did worse; null without a trade. */
  readonly randomBeaten: number | null
}

/** The same without reasons, as events and pages carry it. */
export const plainFigures = ({ sharpe, deflatedSharpe, trials, randomBeaten }: ReplayFigures): RunFigures => ({
  sharpe: sharpe.value,
  deflatedSharpe: deflatedSharpe.value,
  trials,
  randomBeaten,
})

export interface ReplayBook {
  bar(event: BarEvent, equityMicros: number): void
  trade(trade: ClosedTrade): void
  /** @param equityMicros after everything was closed */
  figures(equityMicros: number): Promise<ReplayFigures>
}

export type ReplayBookOptions = {
  readonly market: Market
  readonly limits: Limits
  /** Dollars. */
  readonly capital: number
  readonly runId: string
  readonly rng: Rng
  readonly state: Pick<State, 'ledger'>
  readonly ports: Pick<Ports, 'clock' | 'settings'>
}

export function replayBook(options: ReplayBookOptions): ReplayBook {
  const { market, limits, capital, rng } = options
  const { series, instrument, calendar } = market
  const { bars, barMs, hasVolume } = series
  const equity = new Float64Array(bars.length).fill(capital)
  const conditions = {
    atr: new Float64Array(bars.length).fill(Number.NaN),
    spreadBps: new Float64Array(bars.length).fill(Number.NaN),
    session: new Uint8Array(bars.length),
  }
  const trades: ClosedTrade[] = []
  return {
    bar({ index, ready, atr, spreadBps, session }, equityMicros) {
      equity[index] = equityMicros / 1e6
      if (!ready) return
      conditions.atr[index] = atr
      conditions.spreadBps[index] = spreadBps
      conditions.session[index] = session
    },
    trade: trade => void trades.push(trade),
    async figures(equityMicros) {
      equity[bars.length - 1] = equityMicros / 1e6
      const dates = bars.map(bar => tradeDateOf(bar, barMs, calendar))
      const returns = sessionReturns(equity, dates, capital)
      const perYear = calendar.name === '24x7' ? 365 : 252
      const { state, ports, runId } = options
      const trials = await modelTrials(runId, { market, ports, ledger: state.ledger })
      const random = randomBenchmark({ bars, conditions, instrument, hasVolume, limits }, trades, rng)
      return {
        sharpe: sharpe(returns, { trades: trades.length, perYear }),
        // How session results of trials vary is not in the ledger, which knows their decisions: more than one has no figure here.
        deflatedSharpe: deflatedSharpe(sharpeEvidence(returns), { trials, variance: Number.NaN }),
        trials,
        randomBeaten: random?.beaten ?? null,
      }
    },
  }
}
