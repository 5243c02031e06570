// A ledger that lives as long as its process, for tests and for what keeps no state.

import { type LedgerEntry, nextEntry } from './entry.ts'
import type { Ledger } from './ledger.ts'

/** @param saved entries of another ledger, which this one goes on from */
export function memoryLedger(saved: readonly LedgerEntry[] = []): Ledger {
  const all = [...saved]
  const keys = new Set(all.map(({ key }) => key))
  return {
    append: async drafts => {
      for (const draft of drafts) {
        if (keys.has(draft.key)) continue
        keys.add(draft.key)
        all.push(nextEntry(all.at(-1), draft))
      }
    },
    entries: async hypothesis => all.filter(entry => hypothesis === undefined || entry.hypothesis === hypothesis),
  }
}
