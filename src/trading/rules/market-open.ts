// RSK-02: an allowed symbol, and a market that is open and not about to close when the order would go live.

import { atLeast, type RiskRule, yesOrNo } from './rule.ts'

export const marketOpen: RiskRule = {
  id: 'RSK-02',
  check({ intent, limits, moment: { live } }) {
    const symbol = yesOrNo('RSK-02', 'SYMBOL', limits.allowedSymbols.includes(intent.symbol))
    if (live === undefined) return [symbol]
    const open = yesOrNo('RSK-02', 'CLOSED', live.open)
    if (!live.open || live.minutesToClose === Infinity) return [symbol, open]
    return [symbol, open, atLeast('RSK-02', 'CLOSED', live.minutesToClose, limits.minutesBeforeClose)]
  },
}
