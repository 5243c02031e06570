// Column 13: share of wins among the last outcomes of (symbol, strategy) resolved before this bar, shrunk to a half.

import { column } from './column.ts'
import { unsourced } from './unsourced.ts'

/** Outcomes remembered, and outcomes' worth of prior, in columns 13 and 14. */
export const OUTCOME_WINDOW = 100
export const OUTCOME_PRIOR = 10

/** @example winRateAfter(0, 0) // 0.5 */
export function winRateAfter(wins: number, outcomes: number): number {
  return (wins + OUTCOME_PRIOR / 2) / (outcomes + OUTCOME_PRIOR)
}

export const priorWinRate = unsourced(
  column('prior_win_rate', [0, 1], { neutral: 0.5, parameters: { window: OUTCOME_WINDOW, prior: OUTCOME_PRIOR } }),
  'outcomes',
)
