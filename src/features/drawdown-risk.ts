// Column 15: how far the cumulative R of (symbol, strategy) stands below its peak, in units of 10 R, 0 to 1.

import { column } from './column.ts'
import { unsourced } from './unsourced.ts'

const FULL_DRAWDOWN_R = 10

/** @example drawdownRiskOf(2.5) // 0.25 */
export function drawdownRiskOf(drawdownR: number): number {
  return Math.min(1, Math.max(0, drawdownR / FULL_DRAWDOWN_R))
}

export const drawdownRisk = unsourced(
  column('drawdown_risk', [0, 1], { neutral: 0, parameters: { fullR: FULL_DRAWDOWN_R } }),
  'outcomes',
)
