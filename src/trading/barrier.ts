// The triple barrier of one stance (LABEL-03): what one lot would have made between stop, target and time, by the paper broker's rules.

import type { Instrument } from '../market/instrument.ts'
import { stepValueMicros } from '../market/instrument.ts'
import type { Bracket, Side } from '../market/trade.ts'
import { barExit, marketFill, plannedLossMicros, roundTripCostsMicros } from './fills.ts'

/** Plain data. Prices in steps; null until the entry bar. */
export type Barrier = {
  readonly side: Side
  /** Distances from the signal bar's ATR. */
  readonly bracket: Bracket
  /** Bars since the entry bar, which is 0. */
  held: number
  entry: number | null
  /** Steps lost so far. */
  slippage: number
}

/** One bar for all open barriers, in steps. */
export type BarrierBar = {
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  /** Steps that one lot loses at a market or stop fill in this bar. */
  readonly slippage: number
  /** The bar's trade date is excluded from labels (DATA-06). */
  readonly excluded: boolean
}

export type BarrierResult =
  | { readonly state: 'pending' | 'void' }
  | {
      readonly state: 'final'
      readonly reason: 'stop' | 'target' | 'time'
      readonly entry: number
      readonly exit: number
      /** Net profit over planned loss. */
      readonly r: number
      /** Entry plus exit, in steps. */
      readonly slippage: number
    }

const PENDING: BarrierResult = { state: 'pending' }
const VOID: BarrierResult = { state: 'void' }

export function openBarrier(side: Side, bracket: Bracket): Barrier {
  return { side, bracket, held: -1, entry: null, slippage: 0 }
}

/** Absolute stop and target of an entered barrier, in steps. */
export function barrierLevels({ side, bracket }: Barrier, entry: number): { stop: number; target: number } {
  return { stop: entry - side * bracket.stop, target: entry + side * bracket.target }
}

/**
 * Takes the next bar into the barrier (mutating it). The first bar is that of the entry; `bracket.maxBars` bars later the position is
 * closed at that bar's close, slippage against us. A bar of an excluded day makes the label void.
 *
 * @example
 * const barrier = openBarrier(1, { stop: 8, target: 16, maxBars: 100 })
 * stepBarrier(barrier, ES, { open: 400, high: 404, low: 398, close: 402, slippage: 1, excluded: false }) // { state: 'pending' }
 * stepBarrier(barrier, ES, { open: 402, high: 418, low: 401, close: 417, slippage: 1, excluded: false }) // target at 417, r 1.86
 */
export function stepBarrier(barrier: Barrier, instrument: Instrument, bar: BarrierBar): BarrierResult {
  if (bar.excluded) return VOID
  const { side, bracket } = barrier
  barrier.held++
  const entryBar = barrier.entry === null
  if (entryBar) barrier.slippage = bar.slippage
  const entry = barrier.entry ?? marketFill(side, bar.open, bar.slippage)
  barrier.entry = entry
  const { stop, target } = barrierLevels(barrier, entry)
  const { open, high, low, close, slippage } = bar
  const exit = barExit({ side, stop, target, entryBar, slippage, open, high, low })
  if (exit === undefined && barrier.held < bracket.maxBars) return PENDING

  const leave: Side = side === 1 ? -1 : 1
  const out = exit ?? { reason: 'time' as const, price: marketFill(leave, close, slippage), slippage }
  const grossMicros = side * (out.price - entry) * stepValueMicros(instrument)
  const planned = plannedLossMicros(instrument, 1, entry, stop)
  return {
    state: 'final',
    reason: out.reason,
    entry,
    exit: out.price,
    r: (grossMicros - roundTripCostsMicros(instrument, 1)) / planned,
    slippage: barrier.slippage + out.slippage,
  }
}
