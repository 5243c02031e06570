// Column 14: mean R of the last outcomes of (symbol, strategy) resolved before this bar, shrunk to 0.

import { column } from './column.ts'
import { OUTCOME_PRIOR, OUTCOME_WINDOW } from './prior-win-rate.ts'
import { unsourced } from './unsourced.ts'

/** @example averageRAfter(22, 100) // 0.2 */
export function averageRAfter(sumR: number, outcomes: number): number {
  return sumR / (outcomes + OUTCOME_PRIOR)
}

export const avgRMultiple = unsourced(
  column('avg_r_multiple', [-3, 3], { neutral: 0, parameters: { window: OUTCOME_WINDOW, prior: OUTCOME_PRIOR } }),
  'outcomes',
)
