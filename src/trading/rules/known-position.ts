// RSK-12: what the broker holds is known and is what the ledger says; anything else means do not trade.

import { type RiskRule, yesOrNo } from './rule.ts'

export const knownPosition: RiskRule = {
  id: 'RSK-12',
  check: ({ view, brokerPosition }) => [yesOrNo('RSK-12', 'UNKNOWN_POSITION', brokerPosition === view.position)],
}
