// RSK-08: what is planned to be lost at the stops of positions that move together stays within one limit.

import { correlatedWith } from '../exposure.ts'
import { plannedLossMicros } from '../fills.ts'
import { atMost, type RiskRule } from './rule.ts'

export const correlation: RiskRule = {
  id: 'RSK-08',
  check({ intent, view, limits, instrument, exposures }) {
    const { maxCorrelatedLossDollars } = limits
    // An account without dollar limits has none here either (DEMO-01).
    if (maxCorrelatedLossDollars === undefined) return []
    const { symbol, family } = instrument
    const own = exposures.find(exposure => exposure.symbol === symbol)
    const others = exposures.filter(({ symbol: name, plannedLossMicros: loss }) => name !== symbol && loss > 0)
    const sessionReturns = own?.sessionReturns ?? new Map<string, number>()
    const group = correlatedWith({ symbol, family, plannedLossMicros: 0, sessionReturns }, others)
    const entry = plannedLossMicros(instrument, intent.quantity, intent.stop, 0)
    const planned = group.reduce((sum, { plannedLossMicros: loss }) => sum + loss, view.plannedLossMicros + entry)
    return [atMost('RSK-08', 'CORRELATION', planned, maxCorrelatedLossDollars * 1e6)]
  },
}
