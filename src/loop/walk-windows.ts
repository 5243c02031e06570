// The windows of a walk-forward backtest: each fold is fitted on the days before its test, never on the test itself (BT-03).

import { Fault } from '../base/fault.ts'
import { type BarSeries, DAY_MS, isDaily } from '../market/bar.ts'
import type { Settings } from './settings.ts'

/** Days. */
export type WalkDays = {
  readonly train: number
  readonly test: number
  readonly step: number
  /** Between the newest known label and the first bar of the test: purge and embargo together. */
  readonly gap: number
}

/** ms UTC; ends are exclusive. */
export type WalkWindow = {
  /** 1, 2, 3 ... */
  readonly number: number
  readonly trainFrom: number
  /** Nothing that was known later is learned from. */
  readonly asOf: number
  readonly testFrom: number
  readonly testTo: number
}

const INTRADAY = { train: 30, test: 7, step: 7 } as const
const DAILY = { train: 1826, test: 63, step: 63 } as const

export function walkDays({ backtest }: Settings, barMs: number): WalkDays {
  const usual = isDaily(barMs) ? DAILY : INTRADAY
  const { trainDays, testDays, stepDays, purgeDays, embargoDays } = backtest
  return {
    train: trainDays ?? usual.train,
    test: testDays ?? usual.test,
    step: stepDays ?? usual.step,
    gap: purgeDays + embargoDays,
  }
}

/**
 * Folds whose tests begin one step after the other, each with its whole training window inside the series.
 *
 * @param span of the tests, ms UTC: from inclusive, to exclusive
 * Fault: `WALK_TOO_SHORT` where not one fold fits.
 */
export function walkWindows(
  { bars, symbol }: Pick<BarSeries, 'bars' | 'symbol'>,
  days: WalkDays,
  span: { readonly from: number; readonly to: number },
): readonly WalkWindow[] {
  const reach = (days.train + days.gap) * DAY_MS
  const first = Math.max(span.from, (bars[0]?.knownAt ?? Infinity) + reach)
  const windows: WalkWindow[] = []
  for (let testFrom = first; testFrom < span.to; testFrom += days.step * DAY_MS) {
    const asOf = testFrom - days.gap * DAY_MS
    const testTo = Math.min(span.to, testFrom + days.test * DAY_MS)
    windows.push({ number: windows.length + 1, trainFrom: asOf - days.train * DAY_MS, asOf, testFrom, testTo })
  }
  if (windows.length > 0) return windows
  throw new Fault('WALK_TOO_SHORT', `${symbol} has no ${days.train} days to learn from before a test`, {
    place: 'backtest.trainDays',
    fix: 'give more history, an earlier --to, or set backtest.trainDays lower',
  })
}

/** The fold that decides at a time: the newest whose test has begun; undefined in a gap between tests. */
export function foldAt<T extends WalkWindow>(folds: readonly T[], timeMs: number): T | undefined {
  const begun = folds.findLast(({ testFrom }) => testFrom <= timeMs)
  return begun !== undefined && timeMs < begun.testTo ? begun : undefined
}
