// The engine over a stretch of recorded or fresh events, with a replay clock and the paper broker: what backtest and gate replay share.

import { replayClock } from '../base/clock.ts'
import { seededRng } from '../base/rng.ts'
import type { Calendar } from '../market/calendar.ts'
import type { Instrument } from '../market/instrument.ts'
import type { NewsTable } from '../market/news.ts'
import type { ClosedTrade, Fill } from '../market/trade.ts'
import type { BarEvent } from './bar-event.ts'
import type { CandidateTable } from './candidate-table.ts'
import type { DecisionRecord } from './decision.ts'
import { tradingEngine } from './engine.ts'
import type { Limits } from './limits.ts'
import type { ModelsInCharge } from './models-in-charge.ts'
import { paperBroker } from './paper-broker.ts'
import { portfolio } from './portfolio.ts'

export type RunOptions = {
  readonly events: Iterable<BarEvent>
  readonly table: CandidateTable
  readonly instrument: Instrument
  readonly calendar: Calendar
  readonly barMs: number
  readonly hasVolume: boolean
  readonly models: ModelsInCharge
  readonly limits: Limits
  readonly news?: NewsTable | undefined
  readonly seed: number | string
  /** Dollars. */
  readonly capital?: number
  readonly onDecision?: (decision: DecisionRecord) => void
  readonly onFill?: (fill: Fill) => void
  /** After each bar: marked equity in dollars, and whether a position is open. */
  readonly onBar?: (event: BarEvent, equity: number, invested: boolean) => void
}

export type Run = {
  readonly trades: readonly ClosedTrade[]
  /** Marked equity at each bar's close, dollars; the last one after everything was closed. */
  readonly equity: Float64Array
  /** Drawdown halts that the replay ended by itself. */
  readonly resumed: number
}

/**
 * @example
 * run({ events: recordedEvents(table, bars, 756, 5105), table, ...market, models, limits, seed: 42 }).trades.length
 */
export function run(options: RunOptions): Run {
  const { instrument, calendar, barMs, hasVolume, events, table, capital = 100_000 } = options
  const clock = replayClock(Number.NEGATIVE_INFINITY)
  const ledger = portfolio({ instrument, calendar, barMs, capital })
  const trades: ClosedTrade[] = []
  const equity: number[] = []
  const engine = tradingEngine({
    ...options,
    broker: paperBroker({ instrument, barMs, hasVolume }),
    portfolio: ledger,
    clock,
    rng: seededRng(options.seed),
    onTrade: trade => trades.push(trade),
  })
  for (const event of events) {
    clock.advanceTo(event.bar.knownAt)
    engine.onEvent(event, table)
    const { equityMicros, openPositions } = ledger.view()
    equity.push(equityMicros / 1e6)
    options.onBar?.(event, equityMicros / 1e6, openPositions > 0)
  }
  engine.close('end')
  if (equity.length > 0) equity[equity.length - 1] = ledger.view().equityMicros / 1e6
  return { trades, equity: Float64Array.from(equity), resumed: engine.riskState().resumed }
}
