// RSK-07: after three losses in a row, 30 minutes without entries. On daily bars the next open is always farther away than that.

import { atLeast, below, type RiskRule } from './rule.ts'

export const cooldown: RiskRule = {
  id: 'RSK-07',
  check({ view, limits, moment }) {
    const streak = below('RSK-07', 'COOLDOWN', view.lossesInARow, limits.maxConsecutiveLosses)
    if (streak.passed || view.lastLossAt === undefined || moment.live === undefined)
      return [{ ...streak, passed: true }]
    return [atLeast('RSK-07', 'COOLDOWN', (moment.barTime - view.lastLossAt) / 60_000, limits.cooldownMinutes)]
  },
}
