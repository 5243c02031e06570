// RSK-03: no entry from 90 % of the daily or weekly loss limit on.

import { below, type RiskRule } from './rule.ts'

export const loss: RiskRule = {
  id: 'RSK-03',
  check: ({ shares, limits }) => [
    below('RSK-03', 'DAILY_LOSS', shares.daily, limits.reduceAtShare),
    below('RSK-03', 'WEEKLY_LOSS', shares.weekly, limits.reduceAtShare),
  ],
}
