// The configuration as the limits of each room.

import { DRIFT_LIMITS, type DriftLimits } from '../feedback/drift-limits.ts'
import { DAY_MS } from '../market/bar.ts'
import { GATE_LIMITS, type GateLimits } from '../serving/gates/limits.ts'
import { account, type Limits, replayAccount } from '../trading/limits.ts'
import type { DatasetOptions } from '../training/options.ts'
import type { Settings } from './settings.ts'

/** What a label is; how much an old one weighs is no part of it. */
export function barrierLabels({ labels }: Settings) {
  const { stopAtr, targetAtr, maxBars } = labels
  return { stopAtr, targetAtr, maxBars }
}

/** A key that is null stands for the account's own figure; one that a person set binds every account. */
function limitsOf(own: Limits, settings: Settings): Limits {
  const { tradingBot, brain } = settings
  const set: Partial<Limits> = Object.fromEntries(Object.entries(tradingBot).filter(([, value]) => value !== null))
  return Object.freeze({ ...own, ...set, ...barrierLabels(settings), minExpectedR: brain.minExpectedR })
}

/** The account of whoever trades by the clock: dollar limits beside the fractions, a drawdown halt waits for an operator. */
export const accountLimits = (settings: Settings): Limits => limitsOf(account(), settings)

/** The account of everything that replays bars (DEMO-01): fractions bind, no dollar limits, a drawdown halt ends by itself. */
export function replayLimits(settings: Settings, symbol: string): Limits {
  const own = replayAccount({ symbol })
  // Whoever replays a symbol wants it traded there.
  return Object.freeze({ ...limitsOf(own, settings), allowedSymbols: own.allowedSymbols })
}

export function gateLimits({ gates, ledger }: Settings): GateLimits {
  const { minDsr, maxPbo } = ledger
  const floor = { ...GATE_LIMITS.floor, ...gates.floor }
  return Object.freeze({ ...GATE_LIMITS, ...gates, floor, minDsr, maxPbo })
}

export function datasetOptions({ training, labels }: Settings): Partial<DatasetOptions> {
  const { lookbackMonths, maxRows, minRows, minRowsPerClass, minTradesPerFold, scheme, rolling, folds } = training
  return {
    lookbackMonths,
    maxRows,
    recencyHalfLifeDays: labels.recencyHalfLifeDays ?? undefined,
    minRows,
    minRowsPerClass,
    minTradesPerFold,
    scheme,
    rolling,
    folds,
    holdoutShare: training.holdoutShare,
    embargoMs: training.embargoDays * DAY_MS,
  }
}

export function driftLimits({ drift }: Settings): DriftLimits {
  const { cooldownMinutes, ...own } = drift
  return Object.freeze({ ...DRIFT_LIMITS, ...own, cooldownMs: cooldownMinutes * 60_000 })
}
