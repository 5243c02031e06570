// RSK-06: lots a symbol, mini equivalents an account, positions at once, entries a day and a session. Cash without a lot cap: the notional.

import { stepValueMicros } from '../../market/instrument.ts'
import { atMost, below, type RiskRule } from './rule.ts'

export const positionCaps: RiskRule = {
  id: 'RSK-06',
  check({ intent, view, limits, instrument, market }) {
    const lots = Math.abs(view.position) + intent.quantity
    const own = instrument.maxPosition
    const size =
      own === undefined
        ? atMost('RSK-06', 'MAX_POSITION', lots * market.price * stepValueMicros(instrument), view.equityMicros)
        : atMost('RSK-06', 'MAX_POSITION', lots, Math.min(own, limits.maxPositionSize))
    return [
      size,
      // Rounded so that 50 lots of a tenth are five.
      atMost(
        'RSK-06',
        'MAX_POSITION',
        Math.round(lots * instrument.miniEquivalent * 1e9) / 1e9,
        limits.maxMiniEquivalent,
      ),
      below('RSK-06', 'MAX_POSITION', view.openPositions, limits.maxOpenPositions),
      below('RSK-06', 'MAX_TRADES', view.entriesToday, limits.maxTradesPerDay),
      below('RSK-06', 'MAX_TRADES', view.entriesThisSession, limits.maxTradesPerSession),
    ]
  },
}
