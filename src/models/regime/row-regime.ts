// The one map that joins the vocabularies of regimes: the brain's, the hidden Markov model's and the training rows' (REG-04).

import type { BrainRegime } from './regime-table.ts'

export type RowRegime = 'Range' | 'Trend' | 'Vol'
export type HmmRegime = 'BULL_TREND' | 'BEAR_TREND' | 'RISK_OFF' | 'ROTATION' | 'CHOP'

export const ROW_REGIME_OF: Readonly<Record<BrainRegime, RowRegime>> = {
  Normal: 'Range',
  Trending: 'Trend',
  Ranging: 'Range',
  HighVolatility: 'Vol',
  LowVolatility: 'Range',
}

export const BRAIN_REGIME_OF: Readonly<Record<HmmRegime, BrainRegime>> = {
  BULL_TREND: 'Trending',
  BEAR_TREND: 'Trending',
  RISK_OFF: 'HighVolatility',
  CHOP: 'Ranging',
  ROTATION: 'Normal',
}
