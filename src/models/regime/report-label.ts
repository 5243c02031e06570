// The four corners of volatility and trend, a label for reports: nothing is decided by it (REG-04).

import { DEFAULT_BANDS } from './regime-table.ts'

export type ReportLabel = `${'LOW' | 'HIGH'}_VOL_${'TREND' | 'RANGE'}`

/**
 * @param a ATR14 over its usual value
 * @param z trend strength of BRN-02
 * @example reportLabel(1.2, -0.9) // 'HIGH_VOL_TREND'
 */
export function reportLabel(a: number, z: number): ReportLabel {
  return `${a >= 1 ? 'HIGH' : 'LOW'}_VOL_${Math.abs(z) >= DEFAULT_BANDS.trending.leave ? 'TREND' : 'RANGE'}`
}
