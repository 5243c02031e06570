// The multiplicity ledger as a port: whoever evaluates enters it, and nothing that was entered goes away (LEDGER-01).

import type { LedgerDraft, LedgerEntry } from './entry.ts'

export interface Ledger {
  /** Enters all of them or none. A key that is there already stays as it is. */
  append(drafts: readonly LedgerDraft[]): Promise<void>
  /** Entries in order; those of one hypothesis where one is named. */
  entries(hypothesis?: string): Promise<readonly LedgerEntry[]>
}
