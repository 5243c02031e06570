// The configuration as the limits of each room.

import { DRIFT_LIMITS, type DriftLimits } from '../feedback/drift-limits.ts'
import { DAY_MS } from '../market/bar.ts'
import { GATE_LIMITS, type GateLimits } from '../serving/gates/limits.ts'
import { type Limits, replayAccount } from '../trading/limits.ts'
import type { DatasetOptions } from '../training/options.ts'
import type { Settings } from './settings.ts'

/**
 * The replay's own account (DEMO-01): fractions bind, no dollar limits, a drawdown halt ends by itself.
 *
 * @param resumeBars bars after which the replay ends a drawdown halt
 */
export function replayLimits({ tradingBot, brain, labels }: Settings, symbol: string, resumeBars: number): Limits {
  const { maxDailyLossDollars, maxWeeklyLossDollars, maxDrawdownDollars, maxCorrelatedLossDollars } = tradingBot
  return Object.freeze({
    ...replayAccount({ symbol, resumeBars }),
    ...tradingBot,
    maxDailyLossDollars: maxDailyLossDollars ?? undefined,
    maxWeeklyLossDollars: maxWeeklyLossDollars ?? undefined,
    maxDrawdownDollars: maxDrawdownDollars ?? undefined,
    maxCorrelatedLossDollars: maxCorrelatedLossDollars ?? undefined,
    ...labels,
    minExpectedR: brain.minExpectedR,
  })
}

export function gateLimits({ gates, ledger }: Settings): GateLimits {
  const { minDsr, maxPbo } = ledger
  return Object.freeze({ ...GATE_LIMITS, ...gates, minDsr, maxPbo })
}

export function datasetOptions({ training }: Settings): Partial<DatasetOptions> {
  const { lookbackMonths, folds, holdoutShare, embargoDays } = training
  return { lookbackMonths, folds, holdoutShare, embargoMs: embargoDays * DAY_MS }
}

export function driftLimits({ drift }: Settings): DriftLimits {
  const { cooldownMinutes, ...own } = drift
  return Object.freeze({ ...DRIFT_LIMITS, ...own, cooldownMs: cooldownMinutes * 60_000 })
}
