// RSK-01: only an ACTIVE account takes entries. Exits never come here.

import { type RiskRule, yesOrNo } from './rule.ts'

export const active: RiskRule = {
  id: 'RSK-01',
  check: ({ state }) => [yesOrNo('RSK-01', 'NOT_ACTIVE', state.state === 'ACTIVE')],
}
