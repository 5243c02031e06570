// What the outcomes of one strategy so far say about it: columns 13 to 15 of its next row.

import { averageRAfter } from '../features/avg-r-multiple.ts'
import { drawdownRiskOf } from '../features/drawdown-risk.ts'
import { OUTCOME_WINDOW, winRateAfter } from '../features/prior-win-rate.ts'
import type { Ring } from '../math/indicators/ring.ts'
import { eachOldestFirst, push, ring } from '../math/indicators/ring.ts'

/** Plain data. */
export type OutcomeStatsState = { last: Ring; cumulativeR: number; peakR: number }

export type OutcomeStats = {
  readonly priorWinRate: number
  readonly avgRMultiple: number
  readonly drawdownRisk: number
}

export function outcomeStats(): OutcomeStatsState {
  return { last: ring(), cumulativeR: 0, peakR: 0 }
}

/** Folds in the R of an outcome that has just become final (mutating). */
export function addOutcome(state: OutcomeStatsState, r: number): void {
  push(state.last, OUTCOME_WINDOW, r)
  state.cumulativeR += r
  state.peakR = Math.max(state.peakR, state.cumulativeR)
}

/** @example outcomesSoFar(outcomeStats()) // { priorWinRate: 0.5, avgRMultiple: 0, drawdownRisk: 0 } */
export function outcomesSoFar({ last, cumulativeR, peakR }: OutcomeStatsState): OutcomeStats {
  let wins = 0
  let sumR = 0
  eachOldestFirst(last, r => {
    if (r > 0) wins++
    sumR += r
  })
  const outcomes = last.values.length
  return {
    priorWinRate: winRateAfter(wins, outcomes),
    avgRMultiple: averageRAfter(sumR, outcomes),
    drawdownRisk: drawdownRiskOf(peakR - cumulativeR),
  }
}
