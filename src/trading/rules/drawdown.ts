// RSK-04: no entry from 75 % of the drawdown limit on; from 50 % one contract and high confidence. Sizing applied the ladder: it is not applied again.

import { ladderRung } from '../limits.ts'
import { atLeast, atMost, below, type RiskRule } from './rule.ts'

export const drawdown: RiskRule = {
  id: 'RSK-04',
  check({ intent, shares, limits }) {
    const checks = [below('RSK-04', 'DRAWDOWN', shares.drawdown, limits.noEntryAtShare)]
    const rung = ladderRung(limits, shares.drawdown)
    if (rung?.maxLots !== undefined) checks.push(atMost('RSK-04', 'DRAWDOWN', intent.quantity, rung.maxLots))
    if (rung?.minConfidence !== undefined) {
      checks.push(atLeast('RSK-04', 'DRAWDOWN', intent.confidence, rung.minConfidence))
    }
    return checks
  },
}
