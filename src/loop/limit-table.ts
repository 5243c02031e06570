// Every limit of an account, in its unit and in dollars: what is printed before anything is traded (UNI-03).

import type { Limits } from '../trading/limits.ts'

export type LimitLine = {
  /** Key of the configuration. */
  readonly key: string
  /** As it is set; null: not limited. */
  readonly value: number | null
  readonly unit: string
  /** What it comes to for the account; null where it is no money. */
  readonly dollars: number | null
}

const PEAKS = { intraday: 'of peak equity', endOfDay: "of the highest balance at a day's end" } as const

const smaller = (dollars: number, other: number | undefined): number => Math.min(dollars, other ?? dollars)

/**
 * @param equity dollars
 * @example limitTable(account(), 100_000).find(({ key }) => key === 'tradingBot.maxDailyLoss')?.dollars // 1000: the dollar limit is smaller
 */
export function limitTable(limits: Limits, equity: number): readonly LimitLine[] {
  const money = (
    key: keyof Limits,
    value: number | undefined,
    unit: string,
    dollars: number | undefined,
  ): LimitLine => ({
    key: `tradingBot.${key}`,
    value: value ?? null,
    unit,
    dollars: dollars ?? null,
  })
  const number = (key: keyof Limits, value: number, unit: string) => money(key, value, unit, undefined)
  const { maxDailyLoss, maxDailyLossDollars, maxDrawdown, maxDrawdownDollars, maxWeeklyLossDollars } = limits
  return [
    money('maxRiskPerTrade', limits.maxRiskPerTrade, '% of equity', (equity * limits.maxRiskPerTrade) / 100),
    money('maxDailyLoss', maxDailyLoss, 'of equity at day start', smaller(equity * maxDailyLoss, maxDailyLossDollars)),
    money('maxWeeklyLossDollars', maxWeeklyLossDollars, 'dollars', maxWeeklyLossDollars),
    money('maxDrawdown', maxDrawdown, PEAKS[limits.drawdownMode], smaller(equity * maxDrawdown, maxDrawdownDollars)),
    money('profitTargetDollars', limits.profitTargetDollars, 'dollars, no limit', limits.profitTargetDollars),
    money('maxCorrelatedLossDollars', limits.maxCorrelatedLossDollars, 'dollars', limits.maxCorrelatedLossDollars),
    number('minRiskRewardRatio', limits.minRiskRewardRatio, 'reward over risk'),
    number('modelConfidenceThreshold', limits.modelConfidenceThreshold, 'percentile'),
    number('maxPositionSize', limits.maxPositionSize, 'contracts a symbol'),
    number('maxMiniEquivalent', limits.maxMiniEquivalent, 'minis an account'),
    number('maxOpenPositions', limits.maxOpenPositions, 'positions'),
    number('maxTradesPerDay', limits.maxTradesPerDay, 'entries a day'),
    number('maxTradesPerSession', limits.maxTradesPerSession, 'entries a session'),
    number('maxConsecutiveLosses', limits.maxConsecutiveLosses, 'losses in a row'),
    number('cooldownMinutes', limits.cooldownMinutes, 'minutes'),
    number('ordersPerMinute', limits.ordersPerMinute, 'orders a minute'),
    number('ordersPerHour', limits.ordersPerHour, 'orders an hour'),
  ]
}
