// RSK-02: an allowed symbol, a market that is open and not about to close when the order would go live, and no scheduled news around then.

import type { RiskCheck } from '../decision.ts'
import { atLeast, type RiskQuestion, type RiskRule, yesOrNo } from './rule.ts'

/** The limits themselves are blocked: 2 minutes before an event and 3 after it nothing goes live. */
function newsChecks({ limits, moment: { news } }: RiskQuestion): RiskCheck[] {
  if (news === undefined) return []
  const further = (value: number, limit: number): RiskCheck => {
    const margin = value - limit
    return { rule: 'RSK-02', code: 'NEWS', passed: margin > 0, value, limit, margin }
  }
  return [
    ...(news.minutesTo === Infinity ? [] : [further(news.minutesTo, limits.newsMinutesBefore)]),
    ...(news.minutesSince === Infinity ? [] : [further(news.minutesSince, limits.newsMinutesAfter)]),
  ]
}

export const marketOpen: RiskRule = {
  id: 'RSK-02',
  check(question) {
    const { intent, limits, moment } = question
    const { live } = moment
    const symbol = yesOrNo('RSK-02', 'SYMBOL', limits.allowedSymbols.includes(intent.symbol))
    if (live === undefined) return [symbol]
    const open = yesOrNo('RSK-02', 'CLOSED', live.open)
    const news = newsChecks(question)
    if (!live.open || live.minutesToClose === Infinity) return [symbol, open, ...news]
    return [symbol, open, atLeast('RSK-02', 'CLOSED', live.minutesToClose, limits.minutesBeforeClose), ...news]
  },
}
