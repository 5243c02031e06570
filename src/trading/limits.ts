// Every number that risk and the brain hold a trade against, with the defaults of the configuration chapter.

export type LadderRung = {
  /** Share of the drawdown limit used from which the rung holds. */
  readonly share: number
  readonly size: number
  readonly maxLots: number | undefined
  readonly minConfidence: number | undefined
}

export type Limits = {
  /** Symbols matched whole. */
  readonly allowedSymbols: readonly string[]
  /** Percent of equity (historic name, UNI-03). */
  readonly maxRiskPerTrade: number
  readonly minRiskRewardRatio: number
  readonly modelConfidenceThreshold: number
  readonly minExpectedR: number
  /** Fractions; where a dollar figure stands beside one, the smaller in dollars binds. */
  readonly maxDailyLoss: number
  readonly maxDailyLossDollars: number | undefined
  readonly maxWeeklyLossDollars: number | undefined
  readonly maxDrawdown: number
  readonly maxDrawdownDollars: number | undefined
  /** `endOfDay`: from the highest balance that a trade date ended with; the floor rises no further than the starting balance (RSK-17). */
  readonly drawdownMode: 'intraday' | 'endOfDay'
  /** Shown beside the limits; nothing acts on it. */
  readonly profitTargetDollars: number | undefined
  /** Of all positions that move together, at their stops (RSK-08). */
  readonly maxCorrelatedLossDollars: number | undefined
  /** Share of a daily or weekly loss limit from which a person is warned (RSK-03). */
  readonly warnAtShare: number
  /** Share of a loss limit at which only reducing orders pass; at 1 the book is flattened. */
  readonly reduceAtShare: number
  /** Share of the drawdown limit from which no entry passes. */
  readonly noEntryAtShare: number
  readonly ladder: readonly LadderRung[]
  readonly maxPositionSize: number
  readonly maxMiniEquivalent: number
  readonly maxOpenPositions: number
  readonly maxTradesPerDay: number
  readonly maxTradesPerSession: number
  readonly maxConsecutiveLosses: number
  readonly cooldownMinutes: number
  readonly minutesBeforeClose: number
  /** No entry goes live this close to scheduled news. */
  readonly newsMinutesBefore: number
  readonly newsMinutesAfter: number
  readonly maxDataAgeBars: number
  readonly collarAtr: number
  readonly ordersPerMinute: number
  readonly ordersPerHour: number
  /** So many orders held back by these limits within a minute are a runaway (RSK-11). */
  readonly runawayHeldBack: number
  /** A decision later than this after its bar is recorded `LATE` and not sent. */
  readonly lateAfterMs: number
  /** Time barrier of a trade, bars after its entry bar. */
  readonly maxBars: number
  /** Stop distance in ATR14; the target is `minRiskRewardRatio` times as far, at least `targetAtr`. */
  readonly stopAtr: number
  readonly targetAtr: number
  /** A drawdown halt ends by itself after so many bars: replays only. Undefined: an operator resumes. */
  readonly resumeBars: number | undefined
}

export const DEFAULT_LIMITS: Limits = Object.freeze({
  allowedSymbols: ['ES', 'MES', 'NQ', 'MNQ'],
  maxRiskPerTrade: 1,
  minRiskRewardRatio: 2,
  modelConfidenceThreshold: 0.7,
  minExpectedR: 0.05,
  maxDailyLoss: 0.02,
  maxDailyLossDollars: 1000,
  maxWeeklyLossDollars: 3000,
  maxDrawdown: 0.05,
  maxDrawdownDollars: 2000,
  drawdownMode: 'intraday',
  profitTargetDollars: undefined,
  maxCorrelatedLossDollars: 1000,
  warnAtShare: 0.8,
  reduceAtShare: 0.9,
  noEntryAtShare: 0.75,
  ladder: [
    { share: 0.5, size: 0.25, maxLots: 1, minConfidence: 0.85 },
    { share: 0.375, size: 0.25, maxLots: undefined, minConfidence: undefined },
    { share: 0.25, size: 0.5, maxLots: undefined, minConfidence: undefined },
    { share: 0.125, size: 0.75, maxLots: undefined, minConfidence: undefined },
  ],
  maxPositionSize: 5,
  maxMiniEquivalent: 5,
  maxOpenPositions: 1,
  maxTradesPerDay: 50,
  maxTradesPerSession: 20,
  maxConsecutiveLosses: 3,
  cooldownMinutes: 30,
  minutesBeforeClose: 10,
  newsMinutesBefore: 2,
  newsMinutesAfter: 3,
  maxDataAgeBars: 2,
  collarAtr: 10,
  ordersPerMinute: 10,
  ordersPerHour: 100,
  runawayHeldBack: 10,
  lateAfterMs: 2000,
  maxBars: 100,
  stopAtr: 2,
  targetAtr: 3,
  resumeBars: undefined,
})

/**
 * An account with dollar limits beside the fractions.
 *
 * @example account({ maxDailyLossDollars: 500 }).maxDrawdown // 0.05
 */
export function account(overrides: Partial<Limits> = {}): Limits {
  return Object.freeze({ ...DEFAULT_LIMITS, ...overrides })
}

/** Bars after which a replay ends a drawdown halt, however often it trains (DEMO-01). */
const RESUME_BARS = 63

/** The replay's own account: fractions bind, no dollar limits, drawdown 20 %, any symbol that is being replayed (DEMO-01). */
export function replayAccount({ symbol }: { readonly symbol: string }): Limits {
  return account({
    allowedSymbols: [symbol],
    maxDailyLossDollars: undefined,
    maxWeeklyLossDollars: undefined,
    maxDrawdown: 0.2,
    maxDrawdownDollars: undefined,
    maxCorrelatedLossDollars: undefined,
    resumeBars: RESUME_BARS,
  })
}

/** The drawdown ladder's rung for a share of the limit that is used, or undefined below the first. */
export function ladderRung(limits: Limits, shareUsed: number): LadderRung | undefined {
  return limits.ladder.find(rung => shareUsed >= rung.share)
}
