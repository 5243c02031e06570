// Orders that nobody meant (RSK-11): what works at the broker is held against what was ordered here.

import type { Order } from '../market/trade.ts'

/**
 * Working orders of decisions that ordered nothing, and of those that did, what goes beyond their lots in one role: a second entry, a
 * second stop.
 *
 * @param orderedBy lots that a decision ordered; undefined where it ordered nothing
 * @example unintended(broker.status().working, portfolio.ordered) // [] while all is well
 */
export function unintended(
  working: readonly Order[],
  orderedBy: (decisionId: string) => number | undefined,
): readonly Order[] {
  const lots = new Map<string, number>()
  const seen = new Set<string>()
  return working.filter(({ id, decisionId, role, quantity }) => {
    // A stop that was touched is listed again as the market order that it became.
    if (seen.has(id)) return false
    seen.add(id)
    const key = `${decisionId}/${role}`
    const out = (lots.get(key) ?? 0) + quantity
    lots.set(key, out)
    return out > (orderedBy(decisionId) ?? 0)
  })
}
