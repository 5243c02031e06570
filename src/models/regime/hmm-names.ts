// What a state of the hidden Markov model is called: fixed rules on its mean, with the levels of the rule detector (REG-02).

import { DEFAULT_BANDS } from './regime-table.ts'
import type { HmmRegime } from './row-regime.ts'

/** In this order where present: the instrument's three, then its partner's two (REG-01). */
export const HMM_COLUMNS = [
  'volatility',
  'volumeRatio',
  'trendStrength',
  'partnerVolatility',
  'partnerCorrelation',
] as const
export type HmmColumn = (typeof HMM_COLUMNS)[number]

/**
 * The first rule that holds; several states may have one name.
 *
 * @param volatility mean of the state, as a multiple of its usual value
 * @param trendStrength mean of `z` of BRN-02, signed
 * @example hmmRegimeOf(1.1, -1.2) // 'BEAR_TREND'
 */
export function hmmRegimeOf(volatility: number, trendStrength: number): HmmRegime {
  const { highVolatility, trending, ranging } = DEFAULT_BANDS
  if (volatility >= highVolatility.enter) return 'RISK_OFF'
  if (trendStrength >= trending.enter) return 'BULL_TREND'
  if (trendStrength <= -trending.enter) return 'BEAR_TREND'
  return Math.abs(trendStrength) <= ranging.enter ? 'CHOP' : 'ROTATION'
}
