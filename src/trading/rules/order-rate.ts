// RSK-10: at most 10 orders a minute and 100 an hour, and never a second entry while one is out.

import { below, type RiskRule, yesOrNo } from './rule.ts'

export const orderRate: RiskRule = {
  id: 'RSK-10',
  check: ({ orders, limits }) => [
    below('RSK-10', 'ORDER_RATE', orders.lastMinute, limits.ordersPerMinute),
    below('RSK-10', 'ORDER_RATE', orders.lastHour, limits.ordersPerHour),
    yesOrNo('RSK-10', 'DUPLICATE', !orders.entryOut),
  ],
}
