// The candidate book: folds bars into features, regime, stances and labels, one row per stance (LABEL-01). Training and the live engine share it.

import { featureRow } from '../features/row.ts'
import { roleSchema } from '../features/schema.ts'
import type { Bar } from '../market/bar.ts'
import { isDaily } from '../market/bar.ts'
import type { Calendar } from '../market/calendar.ts'
import type { FeatureSchema } from '../market/feature-schema.ts'
import type { Instrument } from '../market/instrument.ts'
import { toSteps } from '../market/instrument.ts'
import { type NewsTable, newsImpact } from '../market/news.ts'
import type { FeatureName } from '../market/roles.ts'
import { FEATURE_NAMES } from '../market/roles.ts'
import type { Side } from '../market/trade.ts'
import { ROW_REGIME_OF } from '../models/regime/row-regime.ts'
import { ruleDetector } from '../models/regime/rule-detector.ts'
import type { BarEvent } from './bar-event.ts'
import type { BarrierBar } from './barrier.ts'
import type { CandidateTable } from './candidate-table.ts'
import { FEATURE_COUNT, LABEL_STATES, ROW_REGIMES, SESSIONS } from './candidate-table.ts'
import type { BracketRule } from './fills.ts'
import { bracketDistances, slippageSteps } from './fills.ts'
import { addOutcome, outcomeStats, outcomesSoFar } from './outcome-stats.ts'
import { pendingLabels } from './pending-labels.ts'
import { eventOfRows, quietEvent } from './recorded-events.ts'
import type { GeneralStrategy, Stance, StrategyView } from './strategy.ts'
import { addRow, candidateTable } from './table-rows.ts'

/** Keys `labels.*`, and the risk/reward limit that widens their target. */
export type LabelRule = BracketRule & {
  /** Bars after the entry bar until the position is closed. */
  readonly maxBars: number
}

export const DEFAULT_LABELS: LabelRule = { stopAtr: 2, targetAtr: 3, maxBars: 100, minRiskRewardRatio: 2 }

export type CandidateBookOptions = {
  readonly instrument: Instrument
  readonly calendar: Calendar
  readonly barMs: number
  readonly hasVolume: boolean
  readonly strategies: readonly GeneralStrategy<unknown>[]
  readonly labels?: LabelRule
  /** Trade dates `YYYY-MM-DD` whose bars make a label void (DATA-06). */
  readonly excludedDates?: ReadonlySet<string>
  /** Scheduled news: the source of column 16 where the table covers a bar of less than a day. */
  readonly news?: NewsTable | undefined
}

/** What stands behind a bar of a series that was put together of several contracts: the bar as it was traded. */
export type HeldBar = {
  readonly real: Bar
  readonly contract: string
  /** Prices of the real bar are those of the series times this. */
  readonly factor: number
}

export interface CandidateBook {
  /**
   * Takes the next closed bar of the series. Where contracts stand behind it, features come from the series and labels from what was
   * traded; what is open when the contract changes becomes void (DATA-10).
   */
  update(bar: Bar, held?: HeldBar): BarEvent
  readonly table: CandidateTable
  readonly schema: FeatureSchema
  /** The data ends here: rows still open become void. Gives them. */
  voidPending(): readonly number[]
}

const indexOf = (name: FeatureName): number => FEATURE_NAMES.indexOf(name)
const ATR = indexOf('atr')
const RSI = indexOf('rsi')
const EMA20 = indexOf('ema20')
const EMA50 = indexOf('ema50')
const SPREAD = indexOf('spread')
const VOLATILITY = indexOf('volatility')
const STRENGTH = indexOf('signal_strength')
const WIN_RATE = indexOf('prior_win_rate')
const AVERAGE_R = indexOf('avg_r_multiple')
const DRAWDOWN = indexOf('drawdown_risk')
const NEWS = indexOf('news_impact')
/** Columns whose source is the book itself. */
const BOOK_MASK = (1 << STRENGTH) | (1 << WIN_RATE) | (1 << AVERAGE_R) | (1 << DRAWDOWN)
const FINAL = LABEL_STATES.indexOf('final')

/**
 * @example
 * const book = candidateBook({ instrument: SPX, calendar, barMs: DAY_MS, hasVolume: true, strategies: GENERAL_STRATEGIES })
 * for (const bar of bars) book.update(bar)
 * book.table.length // 19,624 rows of 5,105 bars
 */
export function candidateBook({
  instrument,
  calendar,
  barMs,
  hasVolume,
  strategies,
  labels = DEFAULT_LABELS,
  excludedDates,
  news,
}: CandidateBookOptions): CandidateBook {
  const context = { instrument, calendar, barMs }
  const features = featureRow(context, { hasVolume })
  const { values } = features
  const detector = ruleDetector({ barMs })
  const regimeState = detector.init()
  const strategyStates = strategies.map(strategy => strategy.init())
  const stats = strategies.map(outcomeStats)
  const table = candidateTable(
    instrument.symbol,
    strategies.map(({ name }) => name),
  )
  const pending = pendingLabels(table, instrument)
  const daily = isDaily(barMs)
  let index = -1
  let lastKnownAt = Number.NaN
  let contract: string | undefined
  /** Conditions of this bar's fills: what was known when it opened. */
  let before = { atr: Number.NaN, spreadBps: Number.NaN }

  /** The label of a daily bar is its trade date, and its open lies in regular hours. */
  const momentOf = (bar: Bar): { readonly tradeDate: string; readonly rth: boolean } =>
    daily ? { tradeDate: new Date(bar.time).toISOString().slice(0, 10), rth: true } : calendar.at(bar.time)

  const barrierBar = (bar: Bar, rth: boolean, tradeDate: string): BarrierBar => ({
    open: toSteps(instrument, bar.open),
    high: toSteps(instrument, bar.high),
    low: toSteps(instrument, bar.low),
    close: toSteps(instrument, bar.close),
    slippage: slippageSteps({ instrument, rth, ...before, price: bar.open, barVolume: bar.volume, hasVolume }, 1),
    excluded: excludedDates?.has(tradeDate) ?? false,
  })

  const impactAt = (bar: Bar): number | undefined =>
    news === undefined || daily ? undefined : newsImpact(news, bar.knownAt)

  const appendRow = (
    bar: Bar,
    scale: number,
    strategy: number,
    stance: Stance & { side: Side },
    session: number,
    regime: number,
  ) => {
    const row = addRow(table)
    const atr = values[ATR]!
    const { priorWinRate, avgRMultiple, drawdownRisk } = outcomesSoFar(stats[strategy]!)
    const at = row * FEATURE_COUNT
    table.features.set(values, at)
    table.features[at + STRENGTH] = stance.strength
    table.features[at + WIN_RATE] = priorWinRate
    table.features[at + AVERAGE_R] = avgRMultiple
    table.features[at + DRAWDOWN] = drawdownRisk
    const impact = impactAt(bar)
    if (impact !== undefined) table.features[at + NEWS] = impact
    table.mask[row] = features.mask | BOOK_MASK | (impact === undefined ? 0 : 1 << NEWS)
    table.time[row] = bar.knownAt
    table.bar[row] = index
    table.strategy[row] = strategy
    table.direction[row] = stance.side
    table.session[row] = session
    table.regime[row] = regime
    table.fired[row] = stance.fired ? 1 : 0
    table.baselineMultiplier[row] = 1
    table.atr[row] = atr
    pending.open(row, stance.side, { ...bracketDistances(instrument, atr * scale, labels), maxBars: labels.maxBars })
  }

  const appendStances = (bar: Bar, scale: number, session: number, regime: number): void => {
    const view: StrategyView = {
      bar,
      hasVolume,
      atr: values[ATR]!,
      rsi: values[RSI]!,
      ema20: values[EMA20]!,
      ema50: values[EMA50]!,
      volatility: values[VOLATILITY]!,
    }
    for (const [strategy, general] of strategies.entries()) {
      const { side, strength, fired } = general.update(strategyStates[strategy], view)
      if (features.ready && side !== 0) appendRow(bar, scale, strategy, { side, strength, fired }, session, regime)
    }
  }

  return {
    table,
    schema: roleSchema(context, { hasVolume }),
    voidPending: () => pending.end(lastKnownAt),
    // The order is the guard against looking ahead: yesterday's rows meet this bar, then this bar is looked at, then its lessons count.
    update(bar, held) {
      index++
      // Nobody carries a position into another contract.
      const rolled = held !== undefined && contract !== undefined && held.contract !== contract
      contract = held?.contract
      const ended = rolled ? pending.end(bar.knownAt) : []
      lastKnownAt = bar.knownAt
      const { real, factor } = held ?? { real: bar, factor: 1 }
      const { tradeDate, rth } = momentOf(bar)
      const stepped = pending.size > 0 ? pending.step(barrierBar(real, rth, tradeDate), bar.knownAt) : []
      const resolved = [...ended, ...stepped]

      features.update(bar)
      const atr = values[ATR]!
      const regime = detector.update(regimeState, { time: bar.knownAt, session: tradeDate, close: bar.close, atr })
      before = { atr: atr * factor, spreadBps: Math.fround(values[SPREAD]!) }

      const firstRow = table.length
      appendStances(bar, factor, SESSIONS.indexOf(rth ? 'RTH' : 'ETH'), ROW_REGIMES.indexOf(ROW_REGIME_OF[regime]))
      for (const row of resolved) {
        if (table.state[row] === FINAL) addOutcome(stats[table.strategy[row]!]!, table.r[row]!)
      }
      const rowCount = table.length - firstRow
      return rowCount > 0 ? eventOfRows(table, bar, firstRow, rowCount, resolved) : quietEvent(index, bar, resolved)
    },
  }
}
