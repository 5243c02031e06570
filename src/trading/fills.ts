// The fill rules of BRK-01 as pure functions of a bar. Barrier labels and the paper broker both use them, so that what is learned is what is paid.

import type { Instrument } from '../market/instrument.ts'
import { stepValueMicros } from '../market/instrument.ts'
import type { Side } from '../market/trade.ts'

/** ATRs and ratio of LABEL-03; a ratio of 0 is none. */
export type BracketRule = {
  readonly stopAtr: number
  readonly targetAtr: number
  readonly minRiskRewardRatio: number
}

/** What the cost of a fill depends on. `atr` and `spreadBps` are those known when the bar of the fill opened: of the bar before it. */
export type FillConditions = {
  readonly instrument: Instrument
  readonly rth: boolean
  /** ATR14 in price. */
  readonly atr: number
  /** Spread in basis points of `price`. */
  readonly spreadBps: number
  /** Reference price of the fill, in price. */
  readonly price: number
  /** Volume of the bar in which it fills; ignored without volume. */
  readonly barVolume: number
  readonly hasVolume: boolean
}

/** Share of the range that a fill of the whole bar's volume would move the price by (BRK-01). */
const IMPACT = 0.1
/** A distance this close below a whole step is that step: 2 * 0.035 / 0.01 is 7, not 6. */
const EPSILON = 1e-9

/**
 * Steps that a market or stop fill is worse than its reference: `ceil(halfSpread + 0.1 (ATR14 / tick) sqrt(quantity / barVolume))`, at least
 * the instrument's own minimum (BRK-01). Without volume it is half the spread (FEAT-02a); a bar without volume counts as having `quantity`.
 *
 * @throws RangeError where a condition is not finite: nothing may be filled before warm-up
 * @example
 * slippageSteps({ instrument: ES, rth: true, atr: 10, spreadBps: 0.5, price: 5000, barVolume: 900, hasVolume: true }, 1) // 1
 */
export function slippageSteps(conditions: FillConditions, quantity: number): number {
  const { instrument, rth, atr, spreadBps, price, barVolume, hasVolume } = conditions
  const least = rth ? instrument.minSlippage.rth : instrument.minSlippage.eth
  if (instrument.fixedSlippage) return least
  const halfSpread = (spreadBps * 1e-4 * price) / instrument.step / 2
  const impact = hasVolume ? IMPACT * (atr / instrument.step) * Math.sqrt(quantity / Math.max(barVolume, quantity)) : 0
  const steps = Math.ceil(halfSpread + impact - EPSILON)
  if (!Number.isFinite(steps)) throw new RangeError(`slippage of ${instrument.symbol} is ${steps} steps`)
  return Math.max(steps, least)
}

/**
 * Distances in whole steps from the entry's fill price: floored toward the entry (UNI-04), the stop at least one step, the target widened
 * to `minRiskRewardRatio` x stop, which also holds after rounding.
 *
 * @example
 * bracketDistances(ES, 2.6, { stopAtr: 2, targetAtr: 3, minRiskRewardRatio: 2 }) // { stop: 20, target: 41 }
 */
export function bracketDistances(
  instrument: Instrument,
  atr: number,
  { stopAtr, targetAtr, minRiskRewardRatio }: BracketRule,
): { readonly stop: number; readonly target: number } {
  const wholeSteps = (atrs: number) => Math.floor((atrs * atr) / instrument.step + EPSILON)
  const stop = Math.max(1, wholeSteps(stopAtr))
  const target = Math.max(
    1,
    wholeSteps(Math.max(targetAtr, minRiskRewardRatio * stopAtr)),
    Math.ceil(minRiskRewardRatio * stop - EPSILON),
  )
  return { stop, target }
}

/** A market order fills at the open, slippage against us. Steps. */
export function marketFill(side: Side, reference: number, slippage: number): number {
  return reference + side * slippage
}

/** A resting stop: triggered on touch, filled at the worse of stop and open plus slippage; undefined where the bar never touched it. */
export function stopFill(
  side: Side,
  stop: number,
  { open, high, low }: BarSteps,
  slippage: number,
): number | undefined {
  if (side === 1 ? high < stop : low > stop) return undefined
  return marketFill(side, side === 1 ? Math.max(stop, open) : Math.min(stop, open), slippage)
}

/** A resting limit: filled at the open if that is better, else at the limit once the bar trades through it by a step. Never with slippage. */
export function limitFill(side: Side, limit: number, { open, high, low }: BarSteps): number | undefined {
  if (side === 1) {
    if (open < limit) return open
    return low < limit ? limit : undefined
  }
  if (open > limit) return open
  return high > limit ? limit : undefined
}

/** A bar in whole steps. */
export type BarSteps = { readonly open: number; readonly high: number; readonly low: number }

export type BarExitInput = BarSteps & {
  /** Side of the position. */
  readonly side: Side
  /** Absolute prices in steps. */
  readonly stop: number
  readonly target: number
  /** In the bar of the entry only the stop is active (BRK-01). */
  readonly entryBar: boolean
  /** Steps that a stop fill loses in this bar. */
  readonly slippage: number
}

export type BarExit = { readonly reason: 'stop' | 'target'; readonly price: number; readonly slippage: number }

/**
 * How a bracket leaves in one bar, or undefined. Both touched: the stop counts.
 *
 * @example
 * barExit({ side: 1, stop: 90, target: 120, entryBar: false, slippage: 1, open: 100, high: 125, low: 89 }) // stop at 89
 */
export function barExit(input: BarExitInput): BarExit | undefined {
  const { side, stop, target, entryBar, slippage } = input
  const leave: Side = side === 1 ? -1 : 1
  const stopped = stopFill(leave, stop, input, slippage)
  if (stopped !== undefined) return { reason: 'stop', price: stopped, slippage }
  if (entryBar) return undefined
  const reached = limitFill(leave, target, input)
  return reached === undefined ? undefined : { reason: 'target', price: reached, slippage: 0 }
}

/** Commissions of both sides, in millionths. */
export function roundTripCostsMicros(instrument: Instrument, quantity: number): number {
  return Math.round(2 * instrument.commissionPerSide * quantity * 1e6)
}

/** R of a trade (UNI-02): the loss planned at entry, costs included, in millionths. Prices in steps. */
export function plannedLossMicros(instrument: Instrument, quantity: number, entry: number, stop: number): number {
  return quantity * Math.abs(entry - stop) * stepValueMicros(instrument) + roundTripCostsMicros(instrument, quantity)
}
