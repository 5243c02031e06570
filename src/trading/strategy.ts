// The contract of a general strategy (BRN-05): at every bar it states a side and a strength, and whether it may trade there (LABEL-02).

import type { Bar } from '../market/bar.ts'
import type { Side } from '../market/trade.ts'

/** What a strategy sees of a bar: the bar and the columns of FEAT-02 after it; NaN where one is still warming up. */
export type StrategyView = {
  readonly bar: Bar
  readonly hasVolume: boolean
  readonly atr: number
  readonly rsi: number
  readonly ema20: number
  readonly ema50: number
  /** Standard deviation of the last 20 log returns. */
  readonly volatility: number
}

export type Stance = {
  /** 0 only until the strategy has had a side. */
  readonly side: Side | 0
  /** 0 to 1; 0 on the wrong side. */
  readonly strength: number
  /** The firing condition holds: this stance may be traded. */
  readonly fired: boolean
}

export interface GeneralStrategy<State> {
  readonly name: string
  /** Plain data; saved and restored as JSON bit for bit. */
  init(): State
  /** Takes one closed bar into the state (mutating it) and states where the strategy stands after it. */
  update(state: State, view: StrategyView): Stance
}

/** The new side, or the previous one where the sign is 0 or not known yet. */
export function sideOf(score: number, previous: Side | 0): Side | 0 {
  return score > 0 ? 1 : score < 0 ? -1 : previous
}

/** Clips a score to 0-1; what is not a number (a range of 0) is no strength. */
export function strengthOf(score: number): number {
  return score > 0 ? Math.min(1, score) : 0
}
