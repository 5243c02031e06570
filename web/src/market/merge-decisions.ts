// Decisions that were made before this page looked, put to the bars they were made on.

import type { DecisionView } from '../../../src/api/schemas/market.ts'
import type { ChartBar } from '../live/picture.ts'

/** In place; what a bar knows already stays. @returns how many bars learned something */
export function mergeDecisions(bars: ChartBar[], decisions: readonly DecisionView[]): number {
  const first = bars[0]?.index ?? 0
  let learned = 0
  for (const { bar: index, releaseId, seq, outcome, chosen, side, confidence, regime, reason } of decisions) {
    const bar = bars[index - first]
    if (bar === undefined || bar.index !== index || bar.decision !== null) continue
    bars[index - first] = { ...bar, releaseId, decision: { seq, outcome, chosen, side, confidence, regime, reason } }
    learned++
  }
  return learned
}
