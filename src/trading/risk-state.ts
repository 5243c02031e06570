// ACTIVE, REDUCING or HALTED, why, and how it ends (RSK-01, RSK-03, RSK-04). Plain state that can be saved and restored.

import type { RiskStateName } from './decision.ts'
import type { Limits } from './limits.ts'
import type { PortfolioView } from './portfolio.ts'

/** How much of each loss limit is used: 1 is all of it. */
export type LossShares = { readonly daily: number; readonly weekly: number; readonly drawdown: number }

export type RiskStateSaved = {
  readonly state: RiskStateName
  /** `DAILY_LOSS`, `WEEKLY_LOSS`, `DRAWDOWN`, `KILLED`, `RUNAWAY`; empty while ACTIVE. */
  readonly cause: string
  /** Trade date or week in which the halt began; daily and weekly halts end with it. */
  readonly tradeDate: string
  readonly tradeWeek: number
  /** Limit of which so much is used that a person is warned, until its day or week ends; empty without one. */
  readonly warning: string
  /** Trade date and week in which that was reached. */
  readonly warnedDate: string
  readonly warnedWeek: number
  /** Bars since a drawdown halt began. */
  readonly bars: number
  /** Drawdown halts that the replay resumed by itself. */
  readonly resumed: number
}

const smaller = (fractionMicros: number, dollars: number | undefined): number =>
  dollars === undefined ? fractionMicros : Math.min(fractionMicros, dollars * 1e6)

const share = (lossMicros: number, limitMicros: number): number => Math.max(0, lossMicros) / limitMicros

/** What a drawdown is measured from, and how far it may go. */
function drawdownLimit(
  { peakMicros, endOfDayPeakMicros, startMicros }: PortfolioView,
  { drawdownMode, maxDrawdown, maxDrawdownDollars }: Limits,
): { readonly peakMicros: number; readonly limitMicros: number } {
  const highest = drawdownMode === 'intraday' ? peakMicros : endOfDayPeakMicros
  const limitMicros = smaller(maxDrawdown * highest, maxDrawdownDollars)
  // The floor trails the days' ends up to the starting balance and stays there (RSK-17).
  const locked = drawdownMode === 'intraday' ? highest : Math.min(highest, startMicros + limitMicros)
  return { peakMicros: locked, limitMicros }
}

/** The smaller in dollars of fraction and dollar limit binds (UNI-03); a weekly limit exists in dollars only. */
export function lossShares(view: PortfolioView, limits: Limits): LossShares {
  const { equityMicros, dayStartMicros, weekStartMicros } = view
  const { peakMicros, limitMicros } = drawdownLimit(view, limits)
  return {
    daily: share(
      dayStartMicros - equityMicros,
      smaller(limits.maxDailyLoss * dayStartMicros, limits.maxDailyLossDollars),
    ),
    weekly:
      limits.maxWeeklyLossDollars === undefined
        ? 0
        : share(weekStartMicros - equityMicros, limits.maxWeeklyLossDollars * 1e6),
    drawdown: share(peakMicros - equityMicros, limitMicros),
  }
}

export interface RiskState {
  save(): RiskStateSaved
  load(saved: RiskStateSaved): void
  /** Judges a marked book once a bar; true where a drawdown halt ended by itself, so that the peak must be rebased. */
  update(view: PortfolioView): boolean
  /** A halt that only `resume` ends. */
  halt(cause: string, view: PortfolioView): void
  resume(): void
}

const ACTIVE: RiskStateSaved = {
  state: 'ACTIVE',
  cause: '',
  tradeDate: '',
  tradeWeek: 0,
  warning: '',
  warnedDate: '',
  warnedWeek: -1,
  bars: 0,
  resumed: 0,
}

/**
 * @example
 * const state = riskState(DEFAULT_LIMITS)
 * state.update(ledger.view())
 * state.save().state // 'ACTIVE'
 */
export function riskState(limits: Limits): RiskState {
  let current = ACTIVE

  const halt = (cause: string, view: PortfolioView): void => {
    const { tradeDate, tradeWeek } = view
    current = { ...current, state: 'HALTED', cause, tradeDate, tradeWeek, bars: 0 }
  }
  const resume = (resumed: number): void => {
    current = { ...current, state: 'ACTIVE', cause: '', tradeDate: '', tradeWeek: 0, bars: 0, resumed }
  }
  /** Once a day and once a week: a book that swings about the share would warn at every bar. */
  const warn = ({ tradeDate, tradeWeek }: PortfolioView, { daily, weekly }: LossShares): void => {
    const warnedDate = daily >= limits.warnAtShare ? tradeDate : current.warnedDate
    const warnedWeek = weekly >= limits.warnAtShare ? tradeWeek : current.warnedWeek
    const warning = warnedWeek === tradeWeek ? 'WEEKLY_LOSS' : warnedDate === tradeDate ? 'DAILY_LOSS' : ''
    current = { ...current, warning, warnedDate, warnedWeek }
  }
  const holds = (view: PortfolioView): boolean => {
    if (current.state !== 'HALTED') return false
    if (current.cause === 'DAILY_LOSS') return view.tradeDate === current.tradeDate
    if (current.cause === 'WEEKLY_LOSS') return view.tradeWeek === current.tradeWeek
    return true
  }

  return {
    save: () => current,
    load: saved => {
      current = saved
    },
    halt,
    resume: () => resume(current.resumed),
    update(view) {
      const shares = lossShares(view, limits)
      warn(view, shares)
      // A drawdown halt outlasts a daily one that came first.
      if (current.cause !== 'DRAWDOWN' && shares.drawdown >= 1 && !permanent(current)) {
        halt('DRAWDOWN', view)
        return false
      }
      if (holds(view)) {
        if (current.cause !== 'DRAWDOWN') return false
        current = { ...current, bars: current.bars + 1 }
        if (limits.resumeBars === undefined || current.bars < limits.resumeBars) return false
        resume(current.resumed + 1)
        return true
      }
      if (shares.weekly >= 1) halt('WEEKLY_LOSS', view)
      else if (shares.daily >= 1) halt('DAILY_LOSS', view)
      else if (shares.weekly >= limits.reduceAtShare) reduce('WEEKLY_LOSS')
      else if (shares.daily >= limits.reduceAtShare) reduce('DAILY_LOSS')
      else resume(current.resumed)
      return false
    },
  }

  function reduce(cause: string): void {
    current = { ...current, state: 'REDUCING', cause }
  }
}

function permanent({ state, cause }: RiskStateSaved): boolean {
  return state === 'HALTED' && (cause === 'KILLED' || cause === 'RUNAWAY')
}
