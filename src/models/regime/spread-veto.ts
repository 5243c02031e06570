// No entries while the spread is far above its usual width (REG-03).

import { type RankState, rollingRank } from '../../math/indicators/rolling-rank.ts'
import type { Band } from './regime-table.ts'

export type SpreadVetoState = { vetoed: boolean; spreads: RankState }

export type SpreadVetoOptions = {
  /** As multiples of the running median. */
  readonly band?: Band
  /** Bars of the running median, those before the one that is judged. */
  readonly window?: number
  /** Fewer bars than this say nothing of what is usual. */
  readonly fewest?: number
}

export interface SpreadVeto {
  init(): SpreadVetoState
  /** Takes a bar's spread into the state (mutating it); gives whether entries are vetoed, or null while nothing is usual yet. */
  update(state: SpreadVetoState, spread: number): boolean | null
}

const middleOf = (rising: readonly number[]): number => {
  const half = rising.length >> 1
  return rising.length % 2 === 1 ? rising[half]! : (rising[half - 1]! + rising[half]!) / 2
}

/**
 * @example
 * const veto = spreadVeto()
 * veto.update(veto.init(), 1.2) // null: the first bar
 */
export function spreadVeto({
  band = { enter: 1.5, leave: 1.2 },
  window = 500,
  fewest = 50,
}: SpreadVetoOptions = {}): SpreadVeto {
  const rank = rollingRank(window)
  return {
    init: () => ({ vetoed: false, spreads: rank.init() }),
    update(state, spread) {
      const { sorted } = state.spreads
      const isKnown = sorted.length >= fewest
      const usual = isKnown ? middleOf(sorted) : Number.NaN
      rank.update(state.spreads, spread)
      if (!isKnown) return null
      state.vetoed = spread >= usual * (state.vetoed ? band.leave : band.enter) && spread > usual
      return state.vetoed
    },
  }
}
