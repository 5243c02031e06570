// RSK-09 for feeds of bars only (never live): the last close stands for the quote.

import { atMost, type RiskRule } from './rule.ts'

export const marketData: RiskRule = {
  id: 'RSK-09',
  check({ limits, instrument, moment, market }) {
    const age = (moment.now - moment.barTime) / moment.barMs
    const checks = [
      atMost('RSK-09', 'STALE_QUOTE', age, limits.maxDataAgeBars),
      atMost('RSK-09', 'COLLAR', market.lastMove, limits.collarAtr * market.atr),
    ]
    const { maxEntrySpread } = instrument
    if (maxEntrySpread !== undefined) {
      const widest = moment.session === 0 ? maxEntrySpread.rth : maxEntrySpread.eth
      checks.push(atMost('RSK-09', 'SPREAD', market.spread, widest))
    }
    return checks
  },
}
