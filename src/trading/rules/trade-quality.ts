// RSK-05: a stop on the losing side, risk of at most 1 % of equity, reward at least twice the risk, enough confidence.

import { plannedLossMicros } from '../fills.ts'
import { atLeast, atMost, type RiskRule } from './rule.ts'

export const tradeQuality: RiskRule = {
  id: 'RSK-05',
  check({ intent, view, limits, instrument }) {
    const { quantity, stop, target, confidence } = intent
    const planned = plannedLossMicros(instrument, quantity, stop, 0)
    const allowed = Math.max(0, view.equityMicros) * (limits.maxRiskPerTrade / 100)
    return [
      atLeast('RSK-05', 'NO_STOP', stop, 1),
      atMost('RSK-05', 'RISK_PER_TRADE', planned, allowed),
      atLeast('RSK-05', 'RISK_REWARD', target, limits.minRiskRewardRatio * stop),
      atLeast('RSK-05', 'CONFIDENCE', confidence, limits.modelConfidenceThreshold),
    ]
  },
}
